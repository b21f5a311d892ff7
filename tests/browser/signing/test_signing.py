"""Signing in the browser: the test key, the plug-in's double, files made elsewhere. The server is real."""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import WIDTHS, check_page
from tests.browser.signing.conftest import DOUBLE, Opened, SigningSite
from tests.browser.signing.site import DATA, MANY

pytestmark = pytest.mark.browser


def choose(page: Page, way: str) -> None:
    page.locator(".sign-ways").get_by_text(way, exact=True).click()


def state_of(page: Page, name: str) -> Any:
    return page.locator(f'[data-name="{name}"] [data-state]')


# --- The test mode ------------------------------------------------------------------------------------------


@pytest.mark.requirement("S-19", "S-20")
@pytest.mark.parametrize("screen", list(WIDTHS))
def test_what_is_seen_is_what_is_signed_in_the_test_mode(
    signing_site: SigningSite, head: Opened, screen: str
) -> None:
    """The shown PDF's digest is the server's; the signature passes and says «тестовая»."""
    page = head(screen=screen)
    page.goto(signing_site.sign("one"))
    expected = sha256((DATA / "d03.pdf").read_bytes()).hexdigest()
    expect(page.locator("[data-viewer-same] code")).to_have_text(expected)
    expect(page.locator(".sign-sheet canvas").first).to_be_visible()
    expect(page.locator(".sign-watermark").first).to_have_text("тестовая")
    expect(page.locator(".certificate")).to_contain_text("ООО «Ромашка»")
    check_page(page)
    if not page.locator("[data-chosen]").is_checked():  # signed already in the other width
        page.locator("[data-chosen]").check()
    page.locator("[data-sign]").click()
    expect(state_of(page, "Договор.pdf")).to_contain_text("Подпись действительна")
    expect(state_of(page, "Договор.pdf")).to_contain_text("тестовая")
    expect(page.get_by_text("Готово: все подписи приняты.")).to_be_visible()
    check_page(page)


@pytest.mark.requirement("S-20")
def test_the_test_key_stays_in_the_browser_and_cannot_be_taken_out(
    signing_site: SigningSite, head: Opened
) -> None:
    page = head()
    page.goto(signing_site.sign("one"))
    expect(page.locator(".certificate")).to_have_count(1)
    told = page.evaluate(
        """async () => {
            const done = (asked) => new Promise((ok) => { asked.onsuccess = () => ok(asked.result); });
            const base = await done(indexedDB.open('veche-test-key'));
            const kept = await done(base.transaction('keys').objectStore('keys').getAll());
            const { key } = kept[0];
            const text = await crypto.subtle.exportKey('pkcs8', key).then(() => 'out', (one) => one.name);
            return [kept.length, key.extractable, text];
        }"""
    )
    assert told == [1, False, "InvalidAccessError"]
    page.reload()
    expect(page.locator(".certificate")).to_have_count(1)


@pytest.mark.requirement("S-19")
def test_other_bytes_than_the_page_has_named_are_not_signed(signing_site: SigningSite, head: Opened) -> None:
    page = head()
    page.goto(signing_site.sign("untouched"))
    page.route(re.compile(r"/files/\d+$"), lambda route: route.fulfill(body=b"other bytes"))
    expect(page.locator(".certificate")).to_have_count(1)
    page.locator("[data-sign]").click()
    for name in ("Акт.pdf", "Смета.txt"):
        expect(state_of(page, name)).to_contain_text("Подписывать его нельзя")
    expect(page.locator("[data-job-figure]")).to_have_text("0 из 2")


# --- The plug-in --------------------------------------------------------------------------------------------


@pytest.mark.requirement("S-03")
@pytest.mark.parametrize("screen", list(WIDTHS))
def test_the_list_shows_whose_certificate_and_greys_what_does_not_fit(
    signing_site: SigningSite, head: Opened, screen: str
) -> None:
    keys = [
        signing_site.key("other"),
        signing_site.key("expired"),
        signing_site.key("head"),
        {**signing_site.key("head"), "hasKey": False},
    ]
    page = head({"certificates": keys}, screen=screen)
    page.goto(signing_site.sign("plugin"))
    choose(page, "КриптоПро")
    expect(page.locator(".certificate")).to_have_count(3)  # the one without a private key is nobody's here
    first = page.locator(".certificate").first
    expect(first).to_contain_text("Иванов Иван Иванович")
    expect(first).to_contain_text("ООО «Ромашка»")
    expect(first).to_contain_text("7701677668")
    expect(first).to_contain_text(re.compile(r"Действует до:\s*\d\d\.\d\d\.\d{4}"))
    expect(first.locator("input")).to_be_checked()
    expect(page.get_by_text("Выдан на другую организацию: АО «Лютик».")).to_be_visible()
    expect(page.get_by_text("Срок истёк")).to_be_visible()
    expect(page.locator(".certificate.is-off input:disabled")).to_have_count(2)
    expect(page.locator("[data-key-state]")).to_have_text("Плагин 2.0.15000, КриптоПро CSP 5.0.13000")
    check_page(page)


@pytest.mark.requirement("S-03", "S-05")
def test_the_plugin_signs_the_document_itself_and_a_large_one_by_its_digest(
    signing_site: SigningSite, head: Opened
) -> None:
    """Encoding before content, detached CAdES-BES; the server finds the signature good."""
    page = head({"certificates": [signing_site.key("head")]})
    page.goto(signing_site.sign("plugin"))
    choose(page, "КриптоПро")
    page.locator("[data-sign]").click()
    expect(state_of(page, "Договор.pdf")).to_contain_text("Подпись действительна")
    expect(state_of(page, "Справка.txt")).to_contain_text("Подпись действительна")
    # A key that is not ГОСТ cannot sign a Streebog digest: the large one is left, and the rest is not lost.
    expect(state_of(page, "Большой.txt")).to_contain_text("больше 10 МБ")
    names = [name for name, _given in page.evaluate("window.cadesCalls")]
    encoding, content = names.index("CadesSignedData.ContentEncoding"), names.index("CadesSignedData.Content")
    assert encoding < content < names.index("CadesSignedData.SignCades")
    assert "HashedData.SetHashValue" not in names


@pytest.mark.requirement("S-03")
def test_a_large_document_goes_to_the_plugin_as_streebog_of_the_size_of_the_key(
    signing_site: SigningSite, head: Opened
) -> None:
    page = head({"certificates": [signing_site.key("head")]})
    page.goto(signing_site.sign("plugin"))
    choose(page, "КриптоПро")
    expect(page.locator(".certificate")).to_have_count(1)
    told = page.evaluate(
        """async () => {
            const { Plugin, LARGE } = await import('/static/js/signing/plugin.js');
            const document = { bytes: new Uint8Array(LARGE + 1), streebog: async (size) => `ab${size}` };
            window.cadesCalls.length = 0;
            for (const gost of [256, 512]) await new Plugin().sign({ gost, handle: {} }, document);
            return window.cadesCalls.filter(([name]) => /^HashedData|SignHash$/.test(name));
        }"""
    )
    assert [
        given[0] if isinstance(given, list) else given for name, given in told if "SignHash" not in name
    ] == [
        "101",
        "AB256",
        "102",
        "AB512",
    ]
    assert sum("SignHash" in name for name, _given in told) == 2


@pytest.mark.requirement("S-05")
def test_the_double_signs_the_letters_of_base64_when_the_encoding_comes_late(
    signing_site: SigningSite, head: Opened
) -> None:
    """The trap itself: this is how the double (and the plug-in) punishes the wrong order."""
    page = head({"certificates": [signing_site.key("head")]})
    page.goto(signing_site.sign("plugin"))
    choose(page, "КриптоПро")
    expect(page.locator(".certificate")).to_have_count(1)
    signed = page.evaluate(
        """async () => {
            const store = await cadesplugin.CreateObjectAsync('CAdESCOM.Store');
            await store.Open();
            const signer = await cadesplugin.CreateObjectAsync('CAdESCOM.CPSigner');
            await signer.propset_Certificate(await (await store.Certificates).Item(1));
            const made = {};
            const names = ['ContentEncoding', 'Content'];
            for (const order of [names, names.toReversed()]) {
                const data = await cadesplugin.CreateObjectAsync('CAdESCOM.CadesSignedData');
                const given = { Content: btoa('text'), ContentEncoding: 1 };
                for (const name of order) await data[`propset_${name}`](given[name]);
                made[order[0]] = await data.SignCades(signer, 1, true);
            }
            return made;
        }"""
    )
    right, wrong = (base64.b64decode(signed[name]) for name in ("ContentEncoding", "Content"))
    assert sha256(b"text").digest() in right
    assert sha256(b"text").digest() not in wrong
    assert sha256("dGV4dA==".encode("utf-16-le")).digest() in wrong


@pytest.mark.requirement("S-22")
def test_a_hundred_documents_stopped_at_the_sixtieth_go_on_from_there(
    signing_site: SigningSite, head: Opened
) -> None:
    page = head(
        {"certificates": [signing_site.key("head")], "failAt": 60, "failWith": ["Сбой", "0x80100069"]}
    )
    page.goto(signing_site.sign("many"))
    choose(page, "КриптоПро")
    page.get_by_role("button", name=f"Подписать {MANY} документов").click()
    expect(page.locator("[data-resume-text]")).to_contain_text("Подписано 59 из 100", timeout=60_000)
    expect(page.locator("[data-resume-text]")).to_contain_text("вставьте носитель")
    expect(state_of(page, "Документ 059.txt")).to_contain_text("Подпись действительна")
    expect(state_of(page, "Документ 060.txt")).to_contain_text("Ключ не найден")
    page.add_init_script("window.cadesDouble.failAt = 0")
    page.reload()
    expect(page.locator("[data-resume-text]")).to_contain_text("Подписано 59 из 100")
    expect(page.locator(".certificate input:checked")).to_have_count(1)
    page.get_by_role("button", name="Продолжить").click()
    expect(page.get_by_text("Готово: все подписи приняты.")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-job-figure]")).to_have_text("100 из 100")
    calls = page.evaluate("window.cadesCalls.filter(([name]) => name === 'CadesSignedData.SignCades').length")
    assert calls == 41
    page.reload()
    expect(page.locator(".sign-item .sign-good")).to_have_count(MANY)  # one signature each, none twice


@pytest.mark.requirement("S-22")
def test_a_lost_connection_stops_the_batch_and_nothing_is_lost(
    signing_site: SigningSite, head: Opened
) -> None:
    page = head({"certificates": [signing_site.key("head")]})
    page.goto(signing_site.sign("lost"))
    choose(page, "КриптоПро")
    expect(page.locator(".certificate input:checked")).to_have_count(1)
    answers = re.compile(r"/signing/operations/[^/]+/\d+$")
    page.route(answers, lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-resume-text]")).to_contain_text("Подписано 0 из 2. Нет связи", timeout=12_000)
    page.unroute(answers)
    page.get_by_role("button", name="Продолжить").click()
    expect(page.locator("[data-job-figure]")).to_have_text("2 из 2")


TROUBLES = {
    "the extension is off": ({"mode": "silent"}, "расширение выключено"),
    "the plug-in is missing": ({"mode": "absent"}, "не установлен"),
    "no CryptoPro CSP": ({"csp": False}, "КриптоПро CSP не найден"),
    "no certificates": ({"certificates": []}, "нет личных сертификатов"),
}


@pytest.mark.requirement("S-03")
@pytest.mark.parametrize("case", list(TROUBLES))
def test_every_trouble_with_the_plugin_says_what_to_do(
    signing_site: SigningSite, head: Opened, case: str
) -> None:
    double, text = TROUBLES[case]
    page = head(double)
    page.goto(signing_site.sign("plugin"))
    choose(page, "КриптоПро")
    expect(page.locator("[data-trouble]")).to_contain_text(text, timeout=12_000)
    choose(page, "Файл подписи")
    expect(page.get_by_text("Файлы подписи", exact=True)).to_be_visible()


FAILURES = {
    "PIN cancelled": ("Отменено", "0x8010006E", "Подписание отменено"),
    "licence expired": ("Лицензия", "0x8007065B", "срок лицензии"),
    "certificate expired": ("Срок", "0x800B0101", "Срок сертификата истёк"),
    "site not trusted": ("Отказано", "0x80070005", "надёжные узлы"),
    "unknown": ("Что-то новое", "0x80012345", "Код 0x80012345"),
}


@pytest.mark.requirement("S-03")
@pytest.mark.parametrize("case", list(FAILURES))
def test_a_failed_signature_is_told_in_words(signing_site: SigningSite, head: Opened, case: str) -> None:
    said, code, text = FAILURES[case]
    page = head({"certificates": [signing_site.key("head")], "failAt": 1, "failWith": [said, code]})
    page.goto(signing_site.sign("untouched"))
    choose(page, "КриптоПро")
    page.locator("[data-sign]").click()
    expect(state_of(page, "Акт.pdf")).to_contain_text(text)
    expect(page.locator("[data-job-text]")).to_contain_text(text)


@pytest.mark.requirement("S-03", "S-05")
def test_without_the_vendors_script_the_page_is_no_dead_end(signing_site: SigningSite, head: Opened) -> None:
    page = head()
    page.route("**/cadesplugin_api.js", lambda route: route.abort())
    page.goto(signing_site.sign("untouched"))
    choose(page, "КриптоПро")
    expect(page.locator("[data-trouble]")).to_contain_text("загрузите файл подписи")
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать Акт.pdf").click()
    assert download.value.path().read_bytes() == (DATA / "d06.pdf").read_bytes()


@pytest.mark.requirement("S-03")
def test_a_changed_script_of_the_vendor_does_not_run(signing_site: SigningSite, head: Opened) -> None:
    page = head({"certificates": [signing_site.key("head")]})

    def changed(route: Route) -> None:
        route.fulfill(body=DOUBLE.read_bytes() + b"\nwindow.evil = 1;", content_type="text/javascript")

    page.route("**/cadesplugin_api.js", changed)
    page.goto(signing_site.sign("untouched"))
    choose(page, "КриптоПро")
    expect(page.locator("[data-trouble]")).to_contain_text("не загрузился")
    assert page.evaluate("window.evil") is None


# --- Files made elsewhere -----------------------------------------------------------------------------------

SIGN = """async ({ key, text, base64 }) => {
    const { sign } = await import('/static/js/signing/cades.js');
    const { Certificate } = await import('/static/js/signing/certificate.js');
    const { fromBase64, toBase64 } = await import('/static/js/signing/der.js');
    const curve = { name: 'ECDSA', namedCurve: 'P-256' };
    const secret = await crypto.subtle.importKey('pkcs8', fromBase64(key.pkcs8), curve, false, ['sign']);
    const certificate = Certificate.fromBase64(key.der);
    return toBase64(await sign({ content: fromBase64(base64), key: secret, certificate }));
}"""


@pytest.mark.requirement("S-05")
def test_several_signature_files_find_their_documents_and_a_foreign_one_says_so(
    signing_site: SigningSite, head: Opened
) -> None:
    page = head()
    page.goto(signing_site.sign("upload"))
    choose(page, "Файл подписи")
    contents = {"акт.sig": (DATA / "d06.pdf").read_bytes(), "чужая.p7s": b"another document"}
    files = []
    for name, content in contents.items():
        asked = {"key": signing_site.key("head"), "base64": base64.b64encode(content).decode()}
        files.append(
            {
                "name": name,
                "mimeType": "application/octet-stream",
                "buffer": page.evaluate(SIGN, asked).encode(),
            }
        )
    files.append({"name": "письмо.sig", "mimeType": "text/plain", "buffer": b"not a signature at all"})
    page.set_input_files("#signature-files", files)
    results = page.locator("[data-signature-results] li")
    expect(results).to_have_count(3)
    expect(results.nth(0)).to_contain_text("Подпись действительна")
    expect(state_of(page, "Акт.pdf")).to_contain_text("Подпись действительна")
    expect(results.nth(1)).to_contain_text(re.compile("не от этого файла|ни к одному"))
    expect(results.nth(2)).to_contain_text("не является электронной подписью")
    check_page(page)


@pytest.mark.requirement("S-05")
def test_a_signature_is_dropped_on_the_page(signing_site: SigningSite, head: Opened) -> None:
    page = head()
    page.goto(signing_site.sign("upload"))
    choose(page, "Файл подписи")
    page.locator("[data-signature-drop]").evaluate(
        """(form) => {
            const dataTransfer = new DataTransfer();
            for (const name of ["один.sig", "два.sig"]) dataTransfer.items.add(new File(["nothing"], name));
            form.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )
    results = page.locator("[data-signature-results] li.is-bad")
    expect(results).to_have_count(2)
    expect(results.last).to_contain_text("два.sig")


@pytest.mark.requirement("S-05")
def test_a_signature_is_uploaded_without_any_script(signing_site: SigningSite, head: Opened) -> None:
    page = head(script=False)
    page.goto(signing_site.sign("upload"))
    expect(page.locator("[data-sign-form]")).to_be_hidden()
    page.set_input_files(
        "#signature-files", {"name": "x.sig", "mimeType": "text/plain", "buffer": b"not a signature"}
    )
    page.get_by_role("button", name="Загрузить").click()
    expect(page.get_by_text("не является электронной подписью").first).to_be_visible()


# --- Digests ------------------------------------------------------------------------------------------------


@pytest.mark.requirement("S-19")
def test_streebog_in_the_browser_gives_the_values_of_the_standard(
    signing_site: SigningSite, head: Opened
) -> None:
    """ГОСТ Р 34.11-2012, Appendix A (RFC 6986, 10): both messages, both sizes; and pieces of any length."""
    page = head()
    page.goto(signing_site.sign("one"))
    first = "30313233343536373839" * 6 + "303132"
    second = (
        "d1e520e2e5f2f0e82c20d1f2f0e8e1eee6e820e2edf3f6e82c20e2e5fef2fa20f120eceef0ff20f1f2f0e5ebe0ece8"
        "20ede020f5f0e0e1f0fbff20efebfaeafb20c8e3eef0e5e2fb"
    )
    told = page.evaluate(
        """async (messages) => {
            const { Streebog } = await import('/static/js/signing/streebog.js');
            const { Sha256 } = await import('/static/js/signing/sha256.js');
            const made = [];
            for (const hex of messages) {
                const bytes = Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
                for (const size of [512, 256]) {
                    const whole = new Streebog(size).update(bytes).hex();
                    const pieces = new Streebog(size);
                    for (const byte of bytes) pieces.update(Uint8Array.of(byte));
                    if (pieces.hex() !== whole) throw new Error('pieces differ');
                    made.push(whole);
                }
                made.push(new Sha256().update(bytes).hex());
            }
            return made;
        }""",
        [first, second],
    )
    assert told == [
        "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48",
        "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500",
        sha256(bytes.fromhex(first)).hexdigest(),
        "1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28",
        "9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50",
        sha256(bytes.fromhex(second)).hexdigest(),
    ]


@pytest.mark.requirement("S-03")
def test_only_signing_pages_let_the_extensions_in_and_none_lets_eval(
    signing_site: SigningSite, head: Opened
) -> None:
    page = head()
    policies = {
        path: page.request.get(signing_site.address + path).headers["content-security-policy"]
        for path in ("/", f"/sign/{signing_site.papers['one']}", "/records/new/letter")
    }
    assert all("unsafe" not in policy for policy in policies.values())
    assert [path for path, policy in policies.items() if "chrome-extension" in policy] == [
        f"/sign/{signing_site.papers['one']}"
    ]
