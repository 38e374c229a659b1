welcome-title = Count people and letters, even without a network
welcome-lead = Every tap is stored on the phone at once. When the network is back, everything goes to the server by itself.
welcome-how = To begin you need an invite
welcome-step-1 = Ask your coordinator for a link or a QR code.
welcome-step-2 = Open the link on this phone, or point the camera at the code.
welcome-step-3 = Joining itself needs the network once. After that you can do without.
welcome-paste-go = Continue

join-title = You are invited
join-lead = This phone will count letters together with the others. No name, no mail address, no number is needed.
join-pseudonym = Pseudonym
join-pseudonym-hint = This is how your coordinator will see you. Don’t use your real name. Leave it empty and we will think of one.
join-pseudonym-example = Quiet Lighthouse
join-submit = Join
join-busy = Joining…
join-no-invite = There is no invite in this link. Open the whole link, or paste it here.
join-problem-offline = The server can’t be reached. Joining needs the network, only once. Keep this page open and try again when you are connected.
join-problem-malformed = This invite can’t be read. Most likely the link was not copied whole; open it again.
join-problem-pseudonym = This pseudonym won’t do: at most 40 ordinary characters, please.
join-problem-unknown = The server does not know this invite. Check that it comes from this server, and ask for a new one.
join-problem-used = This invite has been used: each one works once. Ask your coordinator for a new one.
join-problem-expired = This invite is past its time. Ask your coordinator for a new one.
join-problem-trouble = The server has a problem. Wait a minute and try again.
join-already = This phone has joined already: { $pseudonym }, { $chapter }.
join-already-lead = A new invite replaces the old one. What was counted stays on the phone.
join-already-unsent =
    { $n ->
        [one] Careful: { $n } tap is not at the server yet. After the change the server may not take it: let it be sent first, or save a file.
       *[other] Careful: { $n } taps are not at the server yet. After the change the server may not take them: let them be sent first, or save a file.
    }
join-replace = Replace anyway
