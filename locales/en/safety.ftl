safety-title = Safety
safety-guarded = This phone has a passphrase
safety-guarded-lead = Everything the app keeps is encrypted. While it is locked, nobody can read it without the passphrase.
safety-lock-now = Lock now
safety-unguarded = There is no passphrase yet
safety-unguarded-lead = The data is encrypted, but its key lies beside it: whoever has the phone can read it. Choose a passphrase: everything is encrypted anew with a new key, and the app asks for it at once.
safety-guard = Lock with this passphrase
safety-sealing = Encrypting anew…
safety-passphrase-done = The passphrase is changed.
safety-passphrase-wrong = That is not the old passphrase. Nothing has changed.
safety-passphrase-failed = That did not work, and nothing has changed. Close other tabs of the app, free some space and try again.
safety-change = Change the passphrase
safety-change-lead = If somebody has copied this phone already, that copy still opens with the old passphrase.
safety-old = Old passphrase

safety-when = When to lock
safety-hidden = When the app is not on the screen
safety-idle = When it is not touched
safety-at-once = At once
safety-never = Never
safety-minutes =
    { $n ->
        [one] After { $n } minute
       *[other] After { $n } minutes
    }
safety-pin = Short code
safety-pin-lead = The code only leads back to a page that was not closed; delivery goes on behind it. After three wrong ones, after half an hour and after every start the passphrase is needed.
safety-pin-set = Use a code
safety-pin-remove = Remove the code
safety-wipe-after = Wipe everything after wrong passphrases
safety-tries =
    { $n ->
        [one] After { $n }
       *[other] After { $n } in a row
    }
safety-wipe-lead = In five seconds the phone forgets everything: first the key, then the data, then the app itself. No network is needed. What is not delivered is lost; what is at the server stays there.

safety-limits = What this app can’t promise
safety-limits-lead = Better to know it beforehand.
safety-limit-open = An unlocked phone can be read. While the app is open, everything is on the screen and in memory. Lock it before somebody takes the phone.
safety-limit-flash = Erased is not gone at once. A phone’s storage keeps pieces of what was removed, and a laboratory may get at them. Without the key they are noise; but a key that lay there without a passphrase, or an earlier wrapping of it, can sometimes be found too.
safety-limit-memory = A weak passphrase will be guessed. Each guess is slow on purpose, but that does not save “12345678”.
safety-limit-traces = The browser remembers for itself. Its history keeps the server’s address, the invite link (used up by now) and that the app was opened; browser sync may carry that to a cloud. There are no names and titles in the addresses.
safety-limit-screen = Screenshots, the keyboard and other apps are beyond our reach. A keyboard may remember what you typed.
safety-limit-app = It can be seen that the app is on the phone, how many records it has and when it wrote, but not what is in them.
safety-limit-forced = The app does not protect you from being made to tell the passphrase. Decide beforehand what is safer: to open, to wipe or to keep silent.
safety-limit-server = What is delivered lies at the server too: under pseudonyms, but with all numbers. If you lose the phone, ask a coordinator to revoke and wipe it.
