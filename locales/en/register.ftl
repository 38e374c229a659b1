nav-register = Register
register-title = Register
register-eyebrow = Whom we write to
register-acts = What to do
register-list = People
register-search = Name
register-search-hint = Vorobyov, Воробьёв…
register-stale-only =
    { $n ->
        [one] only those whose address nobody has checked for { $n } month
       *[other] only those whose address nobody has checked for { $n } months
    }
register-stale = check the address
register-found =
    { $n ->
        [one] { $n } person found
       *[other] { $n } people found
    }
register-nobody = Nobody was found.
register-pages = Pages
register-export = Download as a table
register-new = New entry
register-edit = Change the entry
register-edit-lead = Write only what has been published, and name the source.
register-name = Name
register-name-ru = Name in Russian
register-name-en = Name in Latin letters
register-name-hint = One of the two is enough.
register-born = Born
register-vague-hint = A year, a month or a day: 1976, 2024-10, 1976-05-02.
register-status = Status
register-articles = Articles
register-comma-hint = Separated by commas.
register-since = Detained since
register-sentence = Sentence
register-themes = Themes
register-themes-hint = Short names of themes, separated by commas: scientist, teacher.
register-sources = Sources
register-lines-hint = Each on a line of its own.
register-note = Note
register-last = Last letter
register-invented = invented person

prisoner-status-detained = detained
prisoner-status-convicted = serving a sentence
prisoner-status-released = released
prisoner-status-exchanged = released in an exchange
prisoner-status-deceased = deceased
prisoner-known = What is known
prisoner-letters = Letters
prisoner-no-letters = There have been no letters yet.
prisoner-written =
    { $n ->
        [one] { $n } letter
       *[other] { $n } letters
    }
prisoner-elsewhere =
    { $n ->
        [one] And { $n } more letter in other chapters.
       *[other] And { $n } more letters in other chapters.
    }
prisoner-is-double = This entry has been merged into another one: letters are counted there.
prisoner-to-kept = Open it

placement-title = Where they are held
placement-none = The place of detention is not known.
placement-new = New place
placement-edit = Correct
placement-lead = When somebody was moved, add a new place instead of correcting the old one.
placement-facility = Institution
placement-address = Address
placement-from = From
placement-to = Until
placement-verified = Address checked
placement-verified-on = address checked: { $day }
placement-unverified = address not checked
placement-source = Source
placement-confirm = The address is right today

doubles-title = Similar entries
doubles-lead = Their names are alike and their years of birth do not differ. If they are one person, choose the entry that stays: the other becomes an alias of it, and letters to either are letters to one recipient. A merge can be taken back.
doubles-keep = Keep this one, merge the other into it
doubles-none = No entries are alike.
doubles-merged = Merged
doubles-undo = Take the merge back

reports-title = Reported mistakes
reports-lead = Chapters say that something in the register is wrong. A report leaves this page by itself once the place or the status has changed or the address has been confirmed.
reports-none = There are no new reports.
reports-settled =
    { $n ->
        [one] Settled: { $n } report.
       *[other] Settled: { $n } reports.
    }
reports-dismiss = The report is mistaken, remove it

import-title = Load a table
import-lead = A CSV from any spreadsheet: UTF-8, UTF-16 or Windows-1251, separated by commas, semicolons or tabs. You first see what would change; nothing is written until you confirm it.
import-file = File
import-look = See what would change
import-columns = Columns
import-columns-note = At least one of name_ru and name_en must be there. What is not in the table does not change. A row without an id is a new person. Separate several articles, themes or sources by “|”.
import-preview = What would change
import-nothing-yet = Nothing has been written yet. Tick the rows and confirm.
import-line = Line { $n }.
import-refused =
    { $n ->
        [one] { $n } row is refused
       *[other] { $n } rows are refused
    }
import-suspicious =
    { $n ->
        [one] { $n } row is doubtful
       *[other] { $n } rows are doubtful
    }
import-changed =
    { $n ->
        [one] { $n } entry changes
       *[other] { $n } entries change
    }
import-new =
    { $n ->
        [one] { $n } new entry
       *[other] { $n } new entries
    }
import-same =
    { $n ->
        [one] Unchanged: { $n } row.
       *[other] Unchanged: { $n } rows.
    }
import-like = Looks like an entry that is there already:
import-again = Looks like line { $n } of this table.
import-status = Phones do not know such a status, and will go on asking for letters to this person.
import-another = The name or the year of birth is quite another: is this the same person?
import-do = Write what is ticked
import-nothing-left = There is nothing left to write.
import-outcome = Result of the import
import-to-register = To the register
import-written =
    { $n ->
        [one] { $n } row written.
       *[other] { $n } rows written.
    }
import-overtaken =
    { $n ->
        [one] { $n } row was not written: its entry was changed meanwhile. It is below.
       *[other] { $n } rows were not written: their entries were changed meanwhile. They are below.
    }
import-problem-none = Please choose a file.
import-problem-columns = The first line must hold the names of the columns, name_ru or name_en among them, each once.
import-problem-quotes = The quotation marks in the table don’t match: the file can’t be read.
import-problem-rows = The table is too large.
import-problem-encoding = The encoding can’t be told. Please save the table as UTF-8.
import-fault-twice = This id stands further up already.
import-fault-unknown = The register holds no such id.
import-fault-id = This is not the id of a person.
import-fault-wide = The row has more cells than there are columns: probably another separator.

records-others = Figures, institutions, themes, advice
records-none = Nothing yet.
record-edit-this = Correct: { $name }
record-figure = Published figure
record-figure-many = Published figures
record-figure-new = New figure
record-facility = Institution
record-facility-many = Institutions
record-facility-new = New institution
record-theme = Theme
record-theme-many = Themes
record-theme-new = New theme
record-rules = Advice to writers
record-rules-many = Advice to writers
record-rules-new = New advice
record-chapter = Chapter
record-chapter-many = Chapters
record-name-ru = Name in Russian
record-name-en = Name in English
record-text-ru = Text in Russian
record-text-en = Text in English
figure-count = Number
figure-at-least = at least this number
figure-said-at-least = at least { $n }
figure-on = As of
facility-languages-hint = Codes separated by commas: ru, uk.
facility-both-hint = One a line: in Russian | in English.
facility-eletters-hint = Name | web address.
rules-order = Order
chapter-silent = Days of silence before a warning
