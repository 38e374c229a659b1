# Строка для прессы. Слова о числах выбирает server/domain/press.py; «отправлено» говорится только об отправленном.
press-heads-20 = Пришло больше двадцати человек.
press-heads-30 = Пришло больше тридцати человек.
press-heads-50 = Пришло больше пятидесяти человек.
press-heads-70 = Пришло больше семидесяти человек.
press-heads-100 = Пришло больше ста человек.
press-heads-150 = Пришло больше ста пятидесяти человек.
press-heads-200 = Пришло больше двухсот человек.
press-heads-300 = Пришло больше трёхсот человек.
press-heads-500 = Пришло больше пятисот человек.
press-heads-1000 = Пришло больше тысячи человек.

# $stage: provisional — закрытия ещё нет; $bound: least — не меньше стольких; $to: nobody — письма без имён.
press-written =
    { $stage ->
        [provisional] По предварительному подсчёту, написано
       *[final] Всего написано
    } { $bound ->
        [least] не менее { $letters ->
            [one] { $letters } письма
            [few] { $letters } писем
            [many] { $letters } писем
           *[other] { $letters } писем
        }
       *[exact] { $letters ->
            [one] { $letters } письмо
            [few] { $letters } письма
            [many] { $letters } писем
           *[other] { $letters } письма
        }
    }{ $to ->
        [nobody] { "." }
        [least] { " " }не менее чем { $recipients ->
            [one] { $recipients } политзаключённому
            [few] { $recipients } политзаключённым
            [many] { $recipients } политзаключённым
           *[other] { $recipients } политзаключённым
        }.
       *[exact] { " " }{ $recipients ->
            [one] { $recipients } политзаключённому
            [few] { $recipients } политзаключённым
            [many] { $recipients } политзаключённым
           *[other] { $recipients } политзаключённым
        }.
    }

press-cards =
    { $n ->
        [one] Среди них { $n } открытка.
        [few] Среди них { $n } открытки.
        [many] Среди них { $n } открыток.
       *[other] Среди них { $n } открытки.
    }

press-sent =
    { $n ->
        [one] Уже отправлено { $n } письмо.
        [few] Уже отправлено { $n } письма.
        [many] Уже отправлено { $n } писем.
       *[other] Уже отправлено { $n } письма.
    }
press-sent-all =
    { $n ->
        [1] Оно уже отправлено.
        [one] Все они уже отправлены.
        [few] Все они уже отправлены.
        [many] Все они уже отправлены.
       *[other] Все они уже отправлены.
    }
