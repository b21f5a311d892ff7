"""The formats an office exchanges: what is accepted, under which extensions, and what never is."""

from __future__ import annotations

from dataclasses import dataclass

UNKNOWN = "application/octet-stream"
EMPTY = "application/x-empty"
PROGRAM = "application/x-executable"
SCRIPT = "text/x-script"
OFFICE = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."

DOCX = OFFICE + "wordprocessingml.document"
XLSX = OFFICE + "spreadsheetml.sheet"
PPTX = OFFICE + "presentationml.presentation"
ODT, ODS, ODP = ODF + "text", ODF + "spreadsheet", ODF + "presentation"
DOC, XLS, PPT = "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"
MSG, VSD = "application/vnd.ms-outlook", "application/vnd.visio"
OLE = "application/x-ole-storage"
ENCRYPTED_OFFICE = "application/encrypted"
PDF, RTF, EML = "application/pdf", "application/rtf", "message/rfc822"
TEXT, CSV, HTML, SVG, XML = "text/plain", "text/csv", "text/html", "image/svg+xml", "application/xml"
JSON, ICS = "application/json", "text/calendar"
PNG, JPEG, GIF, BMP, TIFF, WEBP = (
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/bmp",
    "image/tiff",
    "image/webp",
)
HEIC, DJVU, DWG = "image/heic", "image/vnd.djvu", "image/vnd.dwg"
ZIP, RAR, SEVENZIP = "application/zip", "application/vnd.rar", "application/x-7z-compressed"
SIGNATURE, PEM = "application/pkcs7-signature", "application/x-pem-file"


@dataclass(frozen=True)
class Format:
    """A format that may be attached."""

    media_type: str
    title: str
    extensions: tuple[str, ...]
    family: str


FORMATS: tuple[Format, ...] = (
    Format(PDF, "документ PDF", ("pdf",), "pdf"),
    Format(DOCX, "документ Word", ("docx", "docm", "dotx", "dotm"), "ooxml"),
    Format(XLSX, "книга Excel", ("xlsx", "xlsm", "xltx", "xltm"), "ooxml"),
    Format(PPTX, "презентация PowerPoint", ("pptx", "pptm", "ppsx", "potx", "ppsm", "potm"), "ooxml"),
    Format(ODT, "документ OpenDocument", ("odt", "ott"), "odf"),
    Format(ODS, "таблица OpenDocument", ("ods", "ots"), "odf"),
    Format(ODP, "презентация OpenDocument", ("odp", "otp"), "odf"),
    Format(DOC, "документ Word 97–2003", ("doc", "dot"), "ole"),
    Format(XLS, "книга Excel 97–2003", ("xls", "xlt"), "ole"),
    Format(PPT, "презентация PowerPoint 97–2003", ("ppt", "pps"), "ole"),
    Format(MSG, "письмо Outlook", ("msg",), "ole"),
    Format(VSD, "схема Visio", ("vsd",), "ole"),
    Format(ENCRYPTED_OFFICE, "документ под паролем", (), "ole"),
    Format(RTF, "документ RTF", ("rtf",), "rtf"),
    Format(EML, "электронное письмо", ("eml",), "mail"),
    Format(TEXT, "простой текст", ("txt", "log", "md"), "text"),
    Format(CSV, "таблица CSV", ("csv", "tsv"), "text"),
    Format(JSON, "данные JSON", ("json",), "text"),
    Format(ICS, "календарь", ("ics",), "text"),
    Format(HTML, "страница HTML", ("html", "htm", "xhtml"), "html"),
    Format(SVG, "векторный рисунок SVG", ("svg",), "xml"),
    Format(XML, "данные XML", ("xml", "xsd", "gml"), "xml"),
    Format(PNG, "изображение PNG", ("png",), "image"),
    Format(JPEG, "изображение JPEG", ("jpg", "jpeg", "jpe", "jfif"), "image"),
    Format(GIF, "изображение GIF", ("gif",), "image"),
    Format(BMP, "изображение BMP", ("bmp",), "image"),
    Format(TIFF, "изображение TIFF", ("tif", "tiff"), "image"),
    Format(WEBP, "изображение WebP", ("webp",), "image"),
    Format(HEIC, "изображение HEIC", ("heic", "heif", "avif"), "image"),
    Format(DJVU, "документ DjVu", ("djvu", "djv"), "opaque"),
    Format(DWG, "чертёж DWG", ("dwg",), "opaque"),
    Format(ZIP, "архив ZIP", ("zip",), "zip"),
    Format(RAR, "архив RAR", ("rar",), "archive"),
    Format(SEVENZIP, "архив 7-Zip", ("7z",), "archive"),
    Format(SIGNATURE, "электронная подпись", ("sig", "sgn", "p7s", "p7m", "p7b", "sign"), "signature"),
    Format(PEM, "сертификат", ("cer", "crt", "pem", "crl", "der"), "signature"),
    Format("video/mp4", "видеозапись", ("mp4", "m4v", "mov"), "media"),
    Format("video/webm", "видеозапись", ("webm", "mkv"), "media"),
    Format("audio/mpeg", "звукозапись", ("mp3",), "media"),
    Format("audio/mp4", "звукозапись", ("m4a",), "media"),
    Format("audio/ogg", "звукозапись", ("ogg", "oga", "opus"), "media"),
    Format("audio/wav", "звукозапись", ("wav",), "media"),
)

BY_TYPE: dict[str, Format] = {item.media_type: item for item in FORMATS}
BY_EXTENSION: dict[str, Format] = {ext: item for item in FORMATS for ext in item.extensions}

# Opened by a double click these run code, or send the reader somewhere, whatever is inside.
DANGEROUS_EXTENSIONS = frozenset(
    """
    ade adp apk app appimage application appref-ms appx appxbundle asp aspx asx bas bash bat bin cab cfm
    cgi chm class cmd cnt com command cpl csh deb desktop diagcab dll dmg dylib elf exe fon gadget grp
    hlp hpj hta htaccess htpasswd img inf ins iqy iso isp jar jnlp job js jse jsp jspx ksh lib
    library-ms lnk mad maf mag mam maq mar mas mat mau mav maw mcf mda mdb mde mdt mdw mdz mht mhtml mjs
    msc msh msh1 msh2 mshxml msi msix msp mst ocx one onepkg ops osd out pcd phar php php3 php4 php5
    php7 phps phtml pif pkg pl plg prf prg ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psm1 pst py pyc pyo pyw
    pyz rb rdp reg rpm run scf scr sct search-ms settingcontent-ms sh shb shs shtml slk so svgz swf sys
    tcsh theme tmp url vb vba vbe vbp vbs vhd vhdx vmdk vsmacros vsw vxd wasm webloc webpnp website ws
    wsb wsc wsf wsh xap xbap xht xla xlam xll xlm xlw xnk xpi xps xsl xslt zsh
    """.split()
)
# Web servers have run "name.php.pdf"; such an inner part loses its dot.
SERVER_EXTENSIONS = frozenset(
    """
    asp aspx bat cgi cmd exe hta htm html jar js jsp lnk phar php php3 php4 php5 phtml pl ps1 py scr sh shtml
    vbs wsf
    """.split()
)

# Formats that programs open alike, or that people mix up without harm: the name is corrected, not refused.
RASTER = frozenset({PNG, JPEG, GIF, BMP, TIFF, WEBP, HEIC})
INTERCHANGEABLE: tuple[frozenset[str], ...] = (
    RASTER,
    frozenset({"video/mp4", "audio/mp4"}),
    frozenset({"audio/ogg", "video/webm"}),
)
# The extension stays: these bytes are honestly read under either name.
COMPATIBLE: dict[str, frozenset[str]] = {
    DOC: frozenset({RTF, ENCRYPTED_OFFICE}),
    XLS: frozenset({ENCRYPTED_OFFICE}),
    PPT: frozenset({ENCRYPTED_OFFICE}),
    DOCX: frozenset({ENCRYPTED_OFFICE}),
    XLSX: frozenset({ENCRYPTED_OFFICE}),
    PPTX: frozenset({ENCRYPTED_OFFICE}),
    TEXT: frozenset({HTML, XML, SVG, EML, CSV, JSON, ICS, PEM, SCRIPT, SIGNATURE}),
    CSV: frozenset({TEXT}),
    JSON: frozenset({TEXT}),
    ICS: frozenset({TEXT}),
    HTML: frozenset({XML, TEXT}),
    XML: frozenset({SVG, TEXT, HTML}),
    SIGNATURE: frozenset({XML, PEM}),
    PEM: frozenset({SIGNATURE, TEXT}),
    EML: frozenset({TEXT}),
}

PREFERRED_EXTENSION: dict[str, str] = {
    item.media_type: item.extensions[0] for item in FORMATS if item.extensions
}
ACCEPTED_TITLE = "PDF, Word, Excel, OpenDocument, RTF, текст, изображения, письма EML и MSG, архивы ZIP"

# Cyrillic letters typed in place of Latin ones: «.dосх» is read as ".docx", and «.ехе» as ".exe".
_LOOKALIKE = str.maketrans("асеорхуікт", "aceopxyikt")


def extension(name: str) -> str:
    """The last extension of a name, lower case, look-alike letters folded; '' when there is none."""
    stem, dot, tail = name.rpartition(".")
    if not dot or not stem or not tail or len(tail) > 16 or " " in tail:
        return ""
    return tail.lower().translate(_LOOKALIKE)


def is_known(ext: str) -> bool:
    """Whether an extension says anything; «Акт от 12.11.2026» has none."""
    return ext in BY_EXTENSION or ext in DANGEROUS_EXTENSIONS
