"""Promises that code must not make: stubs, swallowed errors, tests that cannot fail."""

import ast
import re

from tests.house.tree import ROOT, named, program, short

# Names of calls that check something: `assert_same(...)`, playwright's `expect(...)`, pytest's `raises(...)`.
CHECKS = re.compile(r"^(assert\w*|expect\w*|check\w*|raises|warns|fail)$")
ROW = re.compile(r"[MRFCSXU]-\d{2,3}")


def functions(path):
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def every_test():
    return [
        (path, function)
        for path in named(".py")
        if path.relative_to(ROOT).parts[0] == "tests" and path.name.startswith("test_")
        for function in functions(path)
        if function.name.startswith("test_")
    ]


def bases(tree):
    """The bases of the class of each function: a Protocol may leave its bodies open."""
    return {
        id(function): {ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in owner.bases}
        for owner in ast.walk(tree)
        if isinstance(owner, ast.ClassDef)
        for function in owner.body
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def is_empty(function):
    """Nothing but a docstring, `pass` or `...`."""
    return all(
        isinstance(step, ast.Pass) or (isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant))
        for step in function.body
    )


def stubs(path):
    tree = ast.parse(path.read_text("utf-8"))
    owners = bases(tree)
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or not is_empty(function):
            continue
        marks = " ".join(ast.unparse(mark) for mark in function.decorator_list)
        declared = "Protocol" in owners.get(id(function), set()) or "abstract" in marks or "overload" in marks
        # A docstring tells why there is nothing to do: the Null of a port, a hook a kind may leave alone.
        if not declared and not ast.get_docstring(function):
            yield f"{short(path)}:{function.lineno} {function.name}"


def checks_something(function):
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if CHECKS.match(name):
                return True
    return False


def test_no_function_is_a_stub():
    assert [stub for path in program() for stub in stubs(path)] == []


def test_nothing_raises_that_it_is_not_written_yet():
    unwritten = [
        f"{short(path)}:{node.lineno}"
        for path in program()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Raise) and node.exc and "NotImplemented" in ast.unparse(node.exc)
    ]
    assert unwritten == []


def test_nothing_is_left_for_later():
    later = [
        f"{short(path)}:{number}"
        for path in program()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        # «TODO: drop when the 2025 reports are archived» names its condition and may stay.
        if re.search(r"#.*\b(FIXME|XXX|TODO(?!: .+ when ))", line)
    ]
    assert later == []


def test_every_test_can_fail():
    toothless = [
        f"{short(path)}::{function.name}" for path, function in every_test() if not checks_something(function)
    ]
    assert toothless == []


def test_tests_name_requirements_by_their_numbers():
    wrong = [
        f"{short(path)}::{function.name}: {ast.unparse(mark)}"
        for path, function in every_test()
        for mark in function.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("mark.requirement")
        for argument in mark.args
        if not (isinstance(argument, ast.Constant) and ROW.fullmatch(str(argument.value)))
    ]
    assert wrong == []


def test_no_two_tests_of_a_module_share_a_name():
    seen = set()
    again = []
    for path in named(".py"):
        if path.name.startswith("test_"):
            for function in ast.parse(path.read_text("utf-8")).body:
                if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
                    key = (path, function.name)
                    again += [f"{short(path)}::{function.name}"] if key in seen else []
                    seen.add(key)
    assert again == []
