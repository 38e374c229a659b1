invite-many = How many invites
invite-until = Until { $until } (UTC).

device-manage = Manage
standing-suspended = Suspended
standing-until = Let in until { $day }
standing-over = Expired { $day }
standing-term = Let in for another
standing-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
standing-ever = no limit
standing-set = Extend
standing-suspend-lead = For a while: the server refuses the device, but the phone loses nothing and can go on counting.
standing-suspend = Suspend
standing-resume = Let in again

sign-in-others = Or sign in another way
sign-in-other = Other ways to sign in
sign-in-passkey = Passkey
sign-in-passkey-problem = Signing in with a passkey did not work. Try again, or use your phone.
sign-in-phone = Sign in with your phone
sign-in-phone-open = Point the camera of the phone that has Otkrytka at this code.
sign-in-phone-compare = Compare the letters on the phone with these:
sign-in-phone-confirm = If they are the same, confirm on the phone.
sign-in-phone-done = Confirmed, sign in
sign-in-phone-waiting = Waiting for the phone…
sign-in-phone-over = The code has expired.
sign-in-phone-again = Show a new one

sessions-title = Sessions and passkeys
sessions-lead = Where the dashboard is open now. If a laptop is lost, end its session: it stops working at once.
sessions-list = Open sessions
sessions-opened = Since (UTC)
sessions-by = How
sessions-expires = Ends by itself
sessions-end = End
sessions-empty = There are no open sessions.
session-by-invite = by invite
session-by-phone = by phone
session-by-passkey = by passkey

passkeys-title = Passkeys
passkeys-lead = With a passkey this computer signs in by itself: by fingerprint, face or code. We keep only a public key.
passkeys-one = Added { $day } (…{ $tail })
passkeys-add = Add a passkey on this computer
passkeys-remove = Forget
passkeys-problem = The passkey could not be added. Try again.
passkeys-script = Passkeys need JavaScript.

acts-title = Audit log
acts-lead = Who did what, and when. Entries are only ever added; people are known by their pseudonyms.
acts-lead-own = What you did on these pages. Entries are only ever added.
acts-when = When (UTC)
acts-what = What
acts-on = Concerning
acts-operator = The operator
acts-earlier = Earlier
acts-empty = Nothing yet.

act-refusal-seen = Refusal looked at
act-report-dismissed = Report dismissed
act-facility-made = Institution added
act-facility-edited = Institution changed
act-figure-made = Sourced figure added
act-figure-edited = Sourced figure changed
act-rules-made = Advice added
act-rules-edited = Advice changed
act-theme-made = Theme added
act-theme-edited = Theme changed
act-chapter-made = Chapter added
act-chapter-edited = Chapter changed
act-invite-made = Invite made
act-device-revoked = Device revoked
act-device-forgotten = Device revoked, to be wiped
act-device-suspended = Device suspended
act-device-resumed = Device let in again
act-device-extended = Device’s term changed
act-session-vouched = Sign-in confirmed by phone
act-session-ended = Session ended
act-passkey-added = Passkey added
act-passkey-removed = Passkey forgotten

vouch-title = Sign in on the computer?
vouch-lead = The screen whose code you read must show these letters:
vouch-warning = Confirm only if the screen before you is yours: whoever signs in sees all that you see.
vouch-yes = Same letters, sign in
vouch-no = No, this is not me
vouch-done = Done: the computer is signed in. You can end that session under Dashboard → Devices → Sessions and passkeys.
vouch-busy = Confirming…
vouch-problem-none = There is no sign-in code in this link. Point the camera at the code again.
vouch-problem-offline = The server can’t be reached. Signing in needs a network.
vouch-problem-over = The code has expired. Reload the page on the computer.
vouch-problem-role = Only coordinators work on a computer.
vouch-problem-trouble = Something is wrong at the server. Try again in a minute.

device-waiting = { $n ->
    [one] { $n } record still on the phone
   *[other] { $n } records still on the phone
}
