letters-title = Кому написали
letters-kind = Что написали
letters-search = Часть имени адресата
letters-clear = Очистить
letters-no-name = Без имени
letters-no-name-add = Добавить без имени
letters-none = Никого с таким именем в списке нет. Можно посчитать «без имени».
letters-no-register = Список имён ещё не загружен: он придёт при первой связи. Пока считайте «без имени».
letters-found =
    { $n ->
        [one] Найден { $n } человек
        [few] Найдены { $n } человека
        [many] Найдено { $n } человек
       *[other] Найдено { $n } человека
    }
letters-born = { $year } г. р.
letters-already = уже { $n }
letters-origin = Откуда письмо
letters-origin-here = Написано здесь
letters-origin-brought = Принесли готовым
letters-origin-relayed = Передали от других
letters-lines = Посчитано на этом телефоне
letters-lines-empty = Здесь появятся адресаты, которым вы посчитали письма.
letters-more = Ещё одно: { $name }
letters-less = Убрать одно: { $name }
letters-unknown-person = Человек из списка ({ $id })
letters-status-released = на свободе

kind-letter = Письмо
kind-card = Открытка
kind-handmade = Самодельная
