closing-title = Closing the evening
closing-coordinators = An evening is closed by a coordinator of the chapter.
closing-tally = Tally
closing-tally-note = The sum of the sheets this phone knows. Nobody edits it.
closing-sum = In all
closing-recipients =
    { $n ->
        [one] Different recipients: { $n }
       *[other] Different recipients: { $n }
    }
closing-no-sheets = No sheet of this evening is on this phone yet.
closing-device = Phone …{ $tail }
closing-own = { $pseudonym } (this phone)
closing-paper = Paper sheet …{ $tail }
closing-unheard =
    { $n ->
        [one] { $n } phone that counted at the last evenings has sent nothing of this one yet. Its sheet may be on the way.
       *[other] { $n } phones that counted at the last evenings have sent nothing of this one yet. Their sheets may be on the way.
    }
closing-offline = This phone has no connection to the server now: sheets of others may be missing here.

closing-same = Was one table counted twice?
closing-same-lead = If two people counted the same, tick their sheets. The sum of the sheets stays as it is; the declared numbers take only the sheet you pick.
closing-same-join = This is one table
closing-same-part = Separate
closing-same-of =
    { $n ->
        [one] One table, { $n } sheet. Which one to take?
       *[other] One table, { $n } sheets. Which one to take?
    }
closing-counts = people: { $heads }, written: { $written }

closing-declare = Declared numbers
closing-declare-lead = Everybody will see them. An empty field is not declared, and the sum of the sheets stands.
closing-declared-before = Declared already. New numbers replace those; those remain in the history.
closing-contested = The evening was closed twice, independently. A new declaration replaces the one that stands.
closing-basis = Where the numbers come from
closing-basis-tally = The sheets
closing-basis-recount = A recount
closing-basis-estimate = An estimate
closing-at-least = at least
closing-at-least-of = { $what }: at least
closing-note = Note
closing-number-wrong = Whole numbers are needed, none below zero.
closing-save = Declare and close the evening
closing-save-again = Declare again

closing-sending = Sending
closing-sending-of = { $written } written, { $sent } sent.
closing-sent-line = { $day } · { $method } · { $n }
closing-sent-count = How many were sent
closing-sent-on = When
closing-sent-how = How
closing-sent-save = Note the sending
closing-sent-wrong = Say how many were sent, and when.

closing-status = State of the evening
closing-status-lead = An evening that was closed or cancelled can be opened again.
closing-press = Line for the press
closing-not-saved = Not saved: { $reason }. Try again.

release-title = Line for the press
release-lead = Drafted from the declared numbers. Mend it where it needs mending, check it and sign: it can’t be shared unsigned.
release-before = Declare the numbers and close the evening first.
release-to-closing = To the closing
release-ru = In Russian
release-en = In English
release-redraft = Draft again
release-nothing = There is nothing to say from these numbers.
release-checked = I have read it; numbers and words are right
release-sign = Sign as { $pseudonym }
release-signed = Signed by { $by }, { $moment }
release-outdated = Numbers or sending have changed since it was signed. Draft it again and sign.
release-changed = The text is not the one that was signed. Sign it to share it.
release-not-sent = The text says that letters were sent, but no sending is noted. Written is not sent yet.
release-copy = Copy
release-copied = Copied
release-share = Share
release-card = Picture
release-card-lead = A postcard with the signed line, drawn on this phone.
release-card-alt = A postcard that says: { $text }
release-card-format = Size
release-card-language = Language of the picture
release-card-save = Save PNG
release-card-theme = Evenings of letters to political prisoners
