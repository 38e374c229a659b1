events-title = Evenings
events-fair = Whom to write to
events-new = New evening
events-now = Now
events-ahead = Ahead
events-past = Past
events-unclosed = not closed
events-empty = No evenings yet
events-empty-lead = If your coordinator has made one, it appears here as soon as there is a network. Or make one yourself; that works offline too.
events-not-ready = Please stay connected a little longer: the list of names or the app itself is not on the phone yet. People, and letters under “no name”, can be counted already.
events-ready = Ready: the app and the list of names are on the phone. You may leave the network.
events-cannot-keep = This browser can’t keep the app itself: without a network the page will not open again. Don’t close it before the evening is over.
events-no-chapter = The invite of this device belongs to no chapter, so there is nothing to count here. The totals are on the server at /dashboard.
events-exhibition = Exhibition
events-empty-dashboard = There are no evenings yet. They appear here as soon as somebody makes one on a phone.

status-planned = planned
status-open = under way
status-closed = closed
status-cancelled = cancelled

event-heads-plus = +1 person
event-heads-minus = Take one person away
event-undo = Undo
event-own = This phone
event-whole = Whole evening
event-whole-hint =
    { $n ->
        [one] The sum of { $n } sheet known to this phone
       *[other] The sum of { $n } sheets known to this phone
    }
event-announce = People: { $heads }. Letters: { $letters }.
event-close = Close the evening
event-closed-note = This evening is closed. You can still count; the coordinator will see the difference.
event-cancelled-note = This evening is cancelled.
event-not-here = This evening is not on the phone yet. It appears when the phone reaches the server.
event-not-saved = Not stored: { $reason }. Please tap again.
event-full = this counter can hold no more
event-unknown = An evening that has not arrived yet
event-unknown-why = Only counts have arrived from phones. Title, date and place follow with the evening itself.
event-provisional = The evening has not been closed by a coordinator: this is the tally of the sheets.

declared-line = Declared by the coordinator: { $what }
declared-heads = people: { $n }
declared-letters = letters: { $n }
declared-cards = cards: { $n }
declared-handmade = handmade: { $n }
declared-recipients = recipients: { $n }
declared-at-least = at least { $n }
declared-sum =
    { $n ->
        [one] Declared at closing ({ $n } evening)
       *[other] Declared at closing ({ $n } evenings)
    }
declared-bounds = at least
declared-number = the number
declared-none = no numbers were named

form-title = New evening
form-lead = It is stored on the phone. No network is needed.
form-name-default = Letter evening
form-name-missing = Please give it a title, or nobody will find it.
form-no-theme = No theme
form-place-hint = Not required. Write only what may be shown to others.
form-day = Day
form-time = Begins
form-time-missing = Please say on which day and when it begins.
form-save = Make the evening

field-title = Title
field-theme = Theme
field-place = Place
field-bring = What to bring
field-listed = In the public schedule
field-zone = Time zone
field-starts = Start
field-ends = End
field-status = State
field-kind = Kind
field-device = Made by
