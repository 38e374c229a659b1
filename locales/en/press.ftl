# The line for the press. server/domain/press.py chooses what is said; "sent" is said only of what was sent.
press-heads-20 = More than twenty people came.
press-heads-30 = More than thirty people came.
press-heads-50 = More than fifty people came.
press-heads-70 = More than seventy people came.
press-heads-100 = More than a hundred people came.
press-heads-150 = More than a hundred and fifty people came.
press-heads-200 = More than two hundred people came.
press-heads-300 = More than three hundred people came.
press-heads-500 = More than five hundred people came.
press-heads-1000 = More than a thousand people came.

# $stage: provisional, there is no closing yet; $bound: least, a lower bound; $to: nobody, letters without names.
press-written =
    { $stage ->
        [provisional] By a provisional count,
       *[final] In total,
    } { $bound ->
        [least] at least { $letters ->
            [one] { $letters } letter
           *[other] { $letters } letters
        }
       *[exact] { $letters ->
            [one] { $letters } letter
           *[other] { $letters } letters
        }
    }{ $to ->
        [nobody] { "" }
        [least] { " " }to at least { $recipients ->
            [one] { $recipients } political prisoner
           *[other] { $recipients } political prisoners
        }
       *[exact] { " " }to { $recipients ->
            [one] { $recipients } political prisoner
           *[other] { $recipients } political prisoners
        }
    } { $letters ->
        [one] was written.
       *[other] were written.
    }

press-cards =
    { $n ->
        [one] { $n } of them is a postcard.
       *[other] { $n } of them are postcards.
    }

press-sent =
    { $n ->
        [one] { $n } letter has already been sent.
       *[other] { $n } letters have already been sent.
    }
press-sent-all =
    { $n ->
        [one] It has already been sent.
       *[other] All of them have already been sent.
    }
