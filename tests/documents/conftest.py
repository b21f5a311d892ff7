"""Papers of an invented СРО, and readers of what was printed."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from documents.marks import QualifiedMark, SimpleMark
from documents.model import (
    Addressee,
    ApprovalSheet,
    ApprovalStep,
    Attachment,
    Executor,
    FileLine,
    Inventory,
    InventoryLine,
    Journal,
    Label,
    Letter,
    Organisation,
    PrintForm,
    Receipt,
    Section,
)
from documents.paper import Column, Items, Paragraph, Signature, Table

NOW = datetime(2026, 11, 21, 14, 5, 9, tzinfo=ZoneInfo("Europe/Moscow"))
CHECK_URL = "https://sro-osp.example/check/8f3c2a1d5e7b"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.fixture
def sro() -> Organisation:
    return Organisation(
        full_name="Ассоциация «Саморегулируемая организация «Объединение строителей Прибайкалья»",
        short_name="АСРО «ОСП»",
        address="664025, г. Иркутск, ул. Степана Разина, д. 6",
        phones=("+7 (3952) 28-12-43",),
        email="info@sro-osp.example",
        ogrn="1093800000123",
        inn="3808123456",
        kpp="380801001",
    )


@pytest.fixture
def mark() -> QualifiedMark:
    serial = "01D9A1B2C3D4E5F60718293A4B5C6D7E8F901234"
    return QualifiedMark(serial, "Иванов Иван Иванович", date(2026, 1, 10), date(2027, 4, 10))


@pytest.fixture
def letter(sro: Organisation, mark: QualifiedMark) -> Letter:
    to = Addressee(
        "Генеральному директору",
        "ООО «СтройПроект»",
        "Дубининой Н. А.",
        "119019, г. Москва, ул. Арбат, д. 11",
    )
    dues = Table(
        (Column("Вид обязательства"), Column("Размер, руб.", "money"), Column("Срок", "date")),
        (("Членский взнос", Decimal("24000"), date(2026, 12, 10)),),
    )
    return Letter(
        organisation=sro,
        made_at=NOW,
        addressees=(to,),
        heading="О предоставлении отчёта за 2026 год.",
        body=(
            Paragraph("Просим представить отчёт за 2026 год."),
            Items(("договор страхования;", "сведения о специалистах."), numbered=True),
            dues,
        ),
        signature=Signature("Директор", "С. П. Петров", mark),
        number="Исх-02-02/00042-26",
        registered_on=date(2026, 11, 21),
        reference_number="51-17",
        reference_on=date(2026, 11, 10),
        salutation="Уважаемая Наталья Александровна!",
        attachments=(Attachment("Форма отчёта", 12), Attachment("Разъяснения", 3, 2)),
        executor=Executor("Сидорова Анна Павловна", "+7 (3952) 28-12-44"),
        qr_url=CHECK_URL,
    )


@pytest.fixture
def files() -> tuple[FileLine, ...]:
    long_name = "Выписка_из_ЕГРЮЛ_" + "очень_длинное_имя_файла_без_пробелов_" * 5 + ".pdf"
    return (
        FileLine("Устав.pdf", 1_204_513, SHA256, ("УКЭП: Иванов И. И., проверена 20.11.2026",)),
        FileLine(long_name, 48_213, SHA256[::-1]),
    )


@pytest.fixture
def form(sro: Organisation, files: tuple[FileLine, ...]) -> PrintForm:
    history = Table(
        (Column("Когда", "moment"), Column("Кто"), Column("Что")),
        ((NOW, "Сидорова А. П.", "Зарегистрировано"),),
    )
    signed = SimpleMark("Дубинина Наталья Александровна", "dubinina", NOW, "77812")
    return PrintForm(
        title="Заявление о приёме в члены Ассоциации",
        made_at=NOW,
        organisation=sro,
        fields=(
            ("ИНН", "0274062111"),
            ("Стоимость одного договора, руб.", Decimal("1234567.50")),
            ("Дата выписки", date(2026, 11, 20)),
            ("Примечание", ""),
        ),
        number="Вх-00042/26",
        registered_on=date(2026, 11, 21),
        state="Зарегистрировано",
        files=files,
        sections=(Section("История", history),),
        signatures=(Signature("Генеральный директор", "Н. А. Дубинина", signed),),
        qr_url=CHECK_URL,
    )


@pytest.fixture
def receipt(sro: Organisation, files: tuple[FileLine, ...]) -> Receipt:
    return Receipt(
        organisation=sro,
        number="Вх-00042/26",
        registered_at=NOW,
        document="Заявление о приёме в члены",
        applicant="ООО «СтройПроект»",
        applicant_inn="0274062111",
        filed_by="Дубинина Наталья Александровна",
        files=files,
        channel="Личный кабинет",
        due_on=date(2026, 12, 5),
        qr_url=CHECK_URL,
    )


def journal_row(number: int) -> tuple[object, ...]:
    name = f"Общество с ограниченной ответственностью «СтройПроект-{number}»"
    state = "Аннулирован" if number % 50 == 0 else ""
    return (
        number,
        f"Вх-{number:05d}/26",
        date(2026, 11, 1 + number % 20),
        name,
        f"О запросе {number}",
        state,
    )


@pytest.fixture
def journal(sro: Organisation) -> Journal:
    return Journal(
        title="Журнал регистрации входящих документов",
        organisation=sro,
        period_from=date(2026, 11, 1),
        period_to=date(2026, 11, 30),
        columns=(
            Column("№ п/п", "integer"),
            Column("Рег. номер", "code"),
            Column("Дата", "date"),
            Column("Корреспондент"),
            Column("Заголовок"),
            Column("Отметка", width=30),
        ),
        rows=[journal_row(number) for number in range(1, 301)],  # type: ignore[misc]
        made_at=NOW,
        totals=(("из них аннулировано", 6),),
        keeper=Signature("Специалист канцелярии", "А. П. Сидорова"),
    )


@pytest.fixture
def inventory(sro: Organisation) -> Inventory:
    lines = [
        InventoryLine(f"Вх-{n:05d}/26", date(2026, 11, 2), f"Письмо {n}", f"{n:04d}_Письмо.pdf", f"{n:064x}")
        for n in range(1, 41)
    ]
    return Inventory(
        sro,
        "02-02",
        "Переписка с членами",
        lines,
        NOW,
        "5 лет, ЭПК",
        Signature("Секретарь", "А. П. Сидорова"),
    )


@pytest.fixture
def approval(sro: Organisation) -> ApprovalSheet:
    curator = ("Кузнецова Мария Ивановна", "куратор")
    return ApprovalSheet(
        organisation=sro,
        document="Отчёт по форме 7",
        steps=(
            ApprovalStep("Проверка", *curator, 1, NOW, NOW, "Возвращено", ("Нет печати.", "Сумма не та.")),
            ApprovalStep("Проверка", *curator, 2, NOW, NOW, "Согласовано"),
            ApprovalStep(
                "Утверждение", "Петров Сергей Павлович", "директор", 2, NOW, None, "На рассмотрении"
            ),
        ),
        made_at=NOW,
        number="Вх-00051/26",
        registered_on=date(2026, 11, 21),
    )


@pytest.fixture
def label() -> Label:
    return Label("АСРО «ОСП»", "Вх-00042/26", date(2026, 11, 21), "IN-00042-26", "Шкаф 3, полка 2", CHECK_URL)


@pytest.fixture(params=["letter", "form", "receipt", "journal", "inventory", "approval"])
def any_document(request: pytest.FixtureRequest) -> object:
    """Every document in turn."""
    return request.getfixturevalue(request.param)
