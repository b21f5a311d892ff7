"""The one way in: records change only through these verbs. Pages, JSON API, commands and timers share them.

Every verb takes the actor first and opens (or joins) one unit of work: lock, check, change, number,
history, labels, outbox, commit. Raises NotFound, Forbidden, Refused, Invalid, Conflict.
"""

from .assigning import assign, claim, redirect
from .compose import blank, create, save, start_reply
from .filing import attach, attach_bytes, attach_signature, remove_file
from .linking import link, unlink
from .locks import edit_lock
from .marks import mark_read
from .moving import act
from .remarks import remark, resolve
from .trash import restore, trash
from .unit import Once, Work, work

__all__ = [
    "Once",
    "Work",
    "act",
    "assign",
    "attach",
    "attach_bytes",
    "attach_signature",
    "blank",
    "claim",
    "create",
    "edit_lock",
    "link",
    "mark_read",
    "redirect",
    "remark",
    "remove_file",
    "resolve",
    "restore",
    "save",
    "start_reply",
    "trash",
    "unlink",
    "work",
]
