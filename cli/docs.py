"""`flask docs`: write docs/workflows.md and docs/matrix.md from the declarations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from accounts import matrix
from records.kinds import RecordKind, registry
from workflows.engine import SYSTEM
from workflows.reference import role_titles
from workflows.terms import deadline_rules

DOCS = Path(__file__).resolve().parent.parent / "docs"


@click.command("docs")
@click.option("--check", is_flag=True, help="Только сказать, устарели ли файлы.")
def docs(check: bool) -> None:
    """Записать docs/workflows.md и docs/matrix.md по описаниям видов."""
    stale = []
    for name, text in (("workflows.md", workflows_page()), ("matrix.md", matrix.as_markdown())):
        path = DOCS / name
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, "utf-8")
    if check and stale:
        raise click.ClickException(f"Устарели: {', '.join(stale)}. Запустите `flask docs`.")
    click.echo("Обновлены: " + ", ".join(stale) if stale else "Файлы уже верны.")


def workflows_page() -> str:
    """Every kind with its states, moves, numbers and terms, as a lawyer reads them."""
    lines = [
        "# Движение документов",
        "",
        "Файл построен из описаний видов (`flask --app app docs`). Руками не правится.",
        "",
    ]
    for kind in sorted(registry.shipped(), key=lambda k: (k.group, k.title)):
        lines += _section(kind)
    return "\n".join(lines)


def _section(kind: RecordKind) -> Iterator[str]:
    yield from (f"## {kind.title}", "", f"`{kind.name}`, {kind.group}. {kind.description}", "")
    yield from _facts(kind)
    yield from ("```mermaid", "stateDiagram-v2", f"  [*] --> {kind.workflow.initial}")
    yield from (f"  {state}: {kind.state_title(state)}" for state in kind.workflow.states)
    yield from (f"  {t.source} --> {t.target}: {t.title}" for t in kind.workflow.transitions)
    yield from ("```", "", "| Из | В | Действие | Кто | Условие |", "|---|---|---|---|---|")
    for t in kind.workflow.transitions:
        who = ", ".join("Программа" if r == SYSTEM else role_titles().get(r, r) for r in sorted(t.by))
        rule = t.rule + (" Причина обязательна." if t.needs_note else "")
        source, target = kind.state_title(t.source), kind.state_title(t.target)
        yield f"| {source} | {target} | {t.title} | {who} | {rule.strip()} |"
    yield ""


def _facts(kind: RecordKind) -> Iterator[str]:
    titles = {t.verb: t.title for t in kind.workflow.transitions}
    for verb, journal in kind.numbers.items():
        yield f"- Номер: действие «{titles[verb]}», журнал `{journal}`."
    for verb, code in kind.term.items():
        yield f"- Срок: действие «{titles[verb]}», {code} ({deadline_rules()[code].title_ru.lower()})."
    if kind.case_index:
        yield f"- Дело {kind.case_index}, хранить: {kind.retention}."
    if kind.result:
        yield f"- Результат: {kind.result}."
    yield ""


COMMANDS = (docs,)
