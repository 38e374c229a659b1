invite-paste = Ссылка-приглашение
invite-make = Пригласить
invite-role = Кого
invite-chapters = В какие отделения (федеральному координатору не нужно)
invite-hours = Действует, часов
invite-submit = Сделать приглашение
invite-problem-role = Выберите роль.
invite-problem-chapter = Выберите хотя бы одно отделение.
invite-problem-hours = Укажите срок от 1 до 744 часов.
invite-title = Приглашение готово
invite-once = Для одного устройства, один раз, до { $until } (UTC).
invite-phone = На телефоне
invite-phone-how = Покажите код или передайте ссылку так, чтобы её не увидел посторонний.
invite-browser = В браузере
invite-browser-how = Или откройте эту ссылку, чтобы войти на эти страницы. Сработает только одна из двух.
invite-link = Ссылка
invite-gone = Приглашение нигде не сохранено: закроете страницу — сделайте новое.

device-unknown = Устройство …{ $tail }
device-this = Этот браузер

devices-eyebrow = Кто считает вместе с нами
devices-title = Устройства и приглашения
devices-list = Устройства
devices-note = Мы не храним ни адресов, ни моделей телефонов, ни имён: только псевдоним, роль и день вступления.
devices-empty = Устройств пока нет.
devices-back = К устройствам

revoke-title = Отключить
revoke-sure = Со следующего запроса сервер откажет этому устройству. Посчитанное им останется.
revoke-do = Да, отключить
revoke-done = Отключено { $day }
