nav-skip = Skip to content
nav-label = Sections
nav-country = Country
nav-chapter = Chapter
nav-conflicts = Conflicts
nav-devices = Devices
nav-night = Last night
nav-report = Report

live-on = Numbers update by themselves.
live-arrived = The lists have changed: show
live-off = Reload the page to see new numbers.
live-lost = The connection is lost; trying again. The numbers may be out of date.
live-ended = You are no longer signed in: the numbers do not update. Sign in again.

country-title = The whole country
country-eyebrow = Letter-writing evenings for { -political-prisoners }

chapters-title = Chapters
chapters-all = all
chapters-note = Recipients of the country are different people: fewer than the sum over chapters when one person was written to in several towns. “Last counts” says when somebody’s counts last arrived at this server; until it has seen that itself, it is not known.
chapters-empty = There are no chapters yet. Whoever runs the server adds them: otkrytka chapter add.

chapter-eyebrow = Chapter

compare-title = Tallied and declared

basis-tally = Closed by the tally.
basis-recount = Closed by a recount.
basis-estimate = Closed by an estimate.

sheets-title = Sheets
sheets-note = One sheet is one device, or one numbered sheet of paper. The evening is the sum of its sheets; nobody edits the sheet of another device.
sheets-paper = Sheet of paper { $number }
sheets-typed = typed in by { $who }
sheets-empty = No sheets yet: no phone has sent its counts.

sent-title = Sent
sent-count =
    { $n ->
        [one] { $n } letter
       *[other] { $n } letters
    }
sent-empty = Nothing has been marked as sent yet.

method-post = by post
method-eletter = through an e-letter service
method-other = in another way

recipients-title = Who was written to
recipients-empty = No letters to anybody by name yet.

prisoner-unknown = Recipient …{ $tail }
