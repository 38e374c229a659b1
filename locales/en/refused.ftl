refused-title = Refused records
refused-lead = Records that phones sent and the rules did not let in. The phone keeps the record; this page shows only its id and the reason, never its content.
refused-times =
    { $n ->
        [one] sent { $n } time
       *[other] sent { $n } times
    }
refused-seen = Dealt with, remove
refused-none = Nothing has been refused.
refused-advice-shape = The app on the phone is probably out of date, or newer than this server. Ask for it to be opened with a good connection so that it updates; the record then follows by itself.
refused-advice-role = This device may not write such a record. Enter it yourself, or invite its owner as a coordinator.
refused-advice-other = Ask the phone’s owner to open “Delivery” and save the record to a file, then enter the numbers as a sheet of paper.
refused-rule-outside = This is done on the server itself, not from outside.
refused-rule-closed = Nobody writes in this database.
refused-rule-stranger = The device does not belong to this chapter.
refused-rule-register = Only national coordinators write in the register.
refused-rule-chapters = A chapter’s database is written by the chapter; national coordinators only read it.
refused-rule-coordinators = Only a coordinator of the chapter writes this.
refused-rule-coverage = Who has had how many letters is kept by the server itself.
refused-rule-attachments = Records of this database carry no files.
refused-rule-volunteer-deletes = Volunteers delete nothing: a wrong count is taken back, an evening is cancelled.
refused-rule-counted = What was counted or declared is never deleted: a wrong count is taken back, a closing is replaced by another.
refused-rule-others-sheet = A sheet is written only by the device that counts on it.
refused-rule-not-paper = The sheet of a device does not become a sheet of paper.
refused-rule-event-name = A volunteer makes evenings in its own name only.
refused-rule-others-event = A volunteer changes only evenings it made itself.
refused-rule-listing = A coordinator of the chapter decides whether an evening is shown to all.
refused-rule-report-name = A volunteer reports mistakes in its own name only.
refused-rule-others-report = A volunteer changes only its own reports of mistakes.
refused-rule-final = A closing is never changed: another one is written that replaces it.
refused-rule-id = The record’s id is none that this server knows.
refused-rule-json = The record can’t be read: it is not JSON.
refused-rule-type = There are no such records in this database.
refused-rule-missing = The field “{ $path }” is missing.
refused-rule-value = The field “{ $path }” holds what it can’t.
refused-rule-named = The field “{ $path }” contradicts the record’s id or the database it was sent to.
refused-rule-prisoner = The field “{ $path }” names nobody of the register.
refused-rule-other-closing = The field “{ $path }” does not name another closing of the same evening.
refused-rule-same-event = The field “{ $path }” names sheets of another evening.
