traffic-title = Трафик
traffic-now = С открытия
traffic-in-all = Всего
traffic-both = отправлено { $sent }, получено { $received }
traffic-about = Примерно: сжатое посчитано в распакованном виде, служебные данные сети не входят.
