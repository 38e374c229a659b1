paper-print-title = Print sheets
paper-print-lead = Every sheet has a number and a code of its own. Don’t photocopy a printed sheet: copies share one number, and only one of them would count.
paper-copies = How many sheets
paper-names =
    { $n ->
        [one] Print { $n } name
       *[other] Print { $n } names
    }
paper-print = Print

paper-number = Sheet number
paper-code = Code of sheet { $number }
paper-heads = Came: one box for each person
paper-to = To
paper-foot = One box is one person or one letter. Afterwards type the numbers into the app: point the camera at the code, or type the sheet’s number.

paper-find-title = Enter a paper sheet
paper-scan = Point the camera
paper-scan-start = Start the camera
paper-type = Type the number
paper-number-hint = Eight characters, printed at the top of the sheet.
paper-number-wrong = There is no such number. Check each character.
paper-open = Open the sheet
paper-not-ours = That is not the code of a sheet of paper.
paper-other-event = That sheet is of an evening this phone does not have.
paper-known = Typed in already

paper-sheet = Sheet { $number }
paper-already-here = This sheet has been typed in on this phone already. You can correct it; it won’t count twice.
paper-already-elsewhere = This sheet has been typed in on another phone already. You can correct it; it won’t count twice.
paper-wrong = Every field takes a whole number, 9999 at the most.
paper-nothing = Nothing is typed in yet.
paper-save = Count the sheet
paper-correct = Correct the sheet
