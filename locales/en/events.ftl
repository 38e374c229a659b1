event-new = New evening
event-edit = Change the evening
event-acts = What to do with this evening
event-cancel = Cancel the evening
event-cancel-sure = The evening stays in the list, marked as cancelled, and nothing counted is lost. Phones hear of it when they next have a network.
event-cancel-do = Yes, cancel this evening
event-zone-hint = Such as Europe/Moscow or Asia/Yekaterinburg. The start and the end are in this time.
event-listed-unsaid = Not said: yes, unless a volunteer or another server’s device made it
event-listed-yes = Yes, for everybody to see
event-listed-no = No, keep it out
event-kind-letters = letter evening
event-kind-exhibition = exhibition

close-title = Close the evening
close-again = Declare numbers anew
close-lead = An evening is closed by declaring its numbers. An empty field declares nothing: the tally stands. Both numbers always stay visible; a declared one deletes nothing.
close-replaces = Declared already:
close-overtaken = Somebody else declared numbers while you were filling this in. Yours are not lost: compare, and save if yours are to replace theirs.

dispatch-title = Mark letters as sent
dispatch-lead = How many of this evening’s letters were handed to the post or to an e-letter service. Written is not yet sent.
dispatch-on = Day
dispatch-count = How many letters
dispatch-method = Sent how

conflicts-choose = Save the choice
conflicts-stands = This one stands now.

nav-refused = Refused
