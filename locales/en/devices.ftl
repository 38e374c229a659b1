invite-paste = Invite link
invite-make = Invite
invite-role = Whom to invite
invite-chapters = Into which chapters (a national coordinator needs none)
invite-hours = Valid for how many hours
invite-submit = Make an invite
invite-problem-role = Choose a role.
invite-problem-chapter = Choose at least one chapter.
invite-problem-hours = Enter a time between 1 and 744 hours.
invite-title = { $n ->
    [one] The invite is ready
   *[other] The invites are ready
}
invite-once = For one device, once, until { $until } (UTC).
invite-phone = On a phone
invite-phone-how = Show the code, or pass the link on where no stranger sees it.
invite-paper-how = Point your phone’s camera at the code: it opens the app that letters are counted in. The code works once.
invite-browser = In a browser
invite-browser-how = Or open this link to sign in to these pages. Only one of the two will work.
invite-link = Link
invite-gone = The invite is kept nowhere: once this page is closed, make a new one.

device-unknown = Device …{ $tail }
device-this = This browser

devices-eyebrow = Who counts with us
devices-title = Devices and invites
devices-list = Devices
devices-note = We keep no addresses, no phone models, no names: only a pseudonym, a role and the day of joining.
devices-empty = There are no devices yet.
devices-back = Back to devices

revoke-sure = From its next request on the server refuses this device. What it counted stays.
revoke-do = Yes, revoke
revoke-forget-lead = Lost or taken? The phone can be wiped too: at its next contact it forgets everything, and what it has not delivered is lost.
revoke-forget = Shut out and wipe the phone
revoke-already = This device was revoked by somebody in the meantime. That holds for good: it can’t be let in again or changed. Invite its owner anew.
revoke-done = Revoked on { $day }
