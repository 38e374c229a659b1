traffic-title = Трафик
traffic-now = С открытия
traffic-in-all = Всего
traffic-both = отправлено { $sent }, получено { $received }
traffic-about = Сколько весят сами запросы и ответы; служебные данные сети сюда не входят.
