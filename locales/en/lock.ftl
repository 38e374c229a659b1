lock-passphrase = Passphrase
lock-passphrase-again = Once more, to be sure
lock-passphrase-hint = It encrypts all that this phone keeps. Take three or four random words. Without one, whoever gets hold of the phone can read the data.
lock-passphrase-lost = Nobody can restore a forgotten one: what is not delivered is lost, and only a new invite lets you in again.
lock-passphrase-short = At least 8 characters are needed.
lock-passphrase-differs = The two do not match yet.
lock-none = There is no passphrase: the key lies beside the data, and whoever gets hold of the phone can read it.
lock-choose = Choose a passphrase
lock-join-unguarded = Join without a passphrase
lock-show = Show
lock-hide = Hide

lock-title = Locked
lock-lead = Enter this phone’s passphrase. No network is needed.
lock-open = Unlock
lock-opening = Unlocking…
lock-problem-wrong = That is not the passphrase.
lock-problem-trouble = The phone had not enough memory to check the passphrase. Close other apps and try again.
lock-tries =
    { $n ->
        [one] { $n } try is left before everything is wiped.
       *[other] { $n } tries are left before everything is wiped.
    }
lock-forgotten = Forgotten it?
lock-forgotten-lead = It can’t be restored. You can wipe this phone and join again with a new invite. What is at the server stays there.
lock-pin = Code
lock-pin-lead = Enter the short code. After three wrong ones the passphrase is needed.
lock-pin-wrong = That is not the code.

lock-wipe = Wipe everything
lock-wipe-soon = Everything is about to be wiped: counts, the list of names, access to the server, and the app itself.
lock-wipe-stop = Stop
lock-wiped = Everything is wiped
lock-wiped-lead = Nothing is left on this phone. Close this tab. If the app is on the home screen, remove its icon too.
lock-unwiped = Not everything could be wiped
lock-unwiped-lead = Something is left on this phone. Try again; if that fails too, clear this site’s data in the browser’s settings, or remove the browser itself.
lock-wipe-again = Wipe again
