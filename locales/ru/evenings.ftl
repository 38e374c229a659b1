events-title = Вечера
events-fair = Кому писать
events-new = Новый вечер
events-now = Сейчас
events-ahead = Впереди
events-past = Прошедшие
events-unclosed = не закрыт
events-empty = Вечеров пока нет
events-empty-lead = Если координатор уже создал вечер, он появится здесь, как только будет связь. Или создайте вечер сами — можно и без сети.
events-not-ready = Побудьте на связи ещё немного: список имён или само приложение ещё не на телефоне. Людей и письма «без имени» можно считать уже сейчас.
events-ready = Готово: приложение и список имён на телефоне. Можно уходить со связи.
events-cannot-keep = Этот браузер не может хранить само приложение: без сети страница не откроется заново. Не закрывайте её до конца вечера.
events-no-chapter = Приглашение этого устройства не относится ни к какому отделению, поэтому считать здесь нечего. Сводка открывается на сервере по адресу /dashboard.
events-exhibition = Выставка
events-empty-dashboard = Вечеров пока нет. Они появятся здесь, как только кто-нибудь создаст вечер на телефоне.

status-planned = запланирован
status-open = идёт
status-closed = закрыт
status-cancelled = отменён

event-heads-plus = +1 человек
event-heads-minus = Убрать одного человека
event-undo = Отменить
event-own = Этот телефон
event-whole = Весь вечер
event-whole-hint =
    { $n ->
        [one] Сумма { $n } листа, известного этому телефону
        [few] Сумма { $n } листов, известных этому телефону
        [many] Сумма { $n } листов, известных этому телефону
       *[other] Сумма { $n } листа, известного этому телефону
    }
event-announce = Люди: { $heads }. Письма: { $letters }.
event-close = Закрыть вечер
event-closed-note = Вечер закрыт. Досчитать можно: разницу увидит координатор.
event-cancelled-note = Вечер отменён.
event-not-here = Этого вечера на телефоне ещё нет. Он появится, когда телефон свяжется с сервером.
event-not-saved = Не сохранилось: { $reason }. Нажмите ещё раз.
event-full = больше в этот счётчик не помещается
event-unknown = Вечер, который ещё не дошёл
event-unknown-why = С телефонов пришли только листы. Название, дата и место появятся, когда дойдёт сам вечер.
event-provisional = Вечер не закрыт координатором: это подсчёт с листов.

declared-line = Объявлено координатором: { $what }
declared-heads = людей — { $n }
declared-letters = писем — { $n }
declared-cards = открыток — { $n }
declared-handmade = самодельных — { $n }
declared-recipients = адресатов — { $n }
declared-at-least = не менее { $n }
declared-sum =
    { $n ->
        [one] Объявлено при закрытии ({ $n } вечер)
        [few] Объявлено при закрытии ({ $n } вечера)
        [many] Объявлено при закрытии ({ $n } вечеров)
       *[other] Объявлено при закрытии ({ $n } вечера)
    }
declared-bounds = не менее
declared-number = само число
declared-none = числа не названы

form-title = Новый вечер
form-lead = Сохраняется на телефоне. Сеть не нужна.
form-name-default = Вечер писем
form-name-missing = Напишите название: без него вечер не найти.
form-no-theme = Без темы
form-place-hint = Не обязательно. Пишите так, как можно показать другим.
form-day = День
form-time = Начало
form-time-missing = Укажите день и время начала.
form-save = Создать вечер

field-title = Название
field-theme = Тема
field-place = Место
field-bring = Что взять с собой
field-listed = В открытом расписании
field-zone = Часовой пояс
field-starts = Начало
field-ends = Конец
field-status = Состояние
field-kind = Вид
field-device = Кто создал
