"""Lengths, in English Metric Units: 914,400 an inch."""


class Length(int):
    @property
    def inches(self):
        return self / 914400

    @property
    def cm(self):
        return self / 360000

    @property
    def mm(self):
        return self / 36000

    @property
    def pt(self):
        return self / 12700

    @property
    def centipoints(self):
        return self // 127

    @property
    def emu(self):
        return int(self)


def _unit(name, each):
    return type(name, (Length,), {"__new__": lambda cls, value: Length.__new__(cls, int(value * each)), "__doc__": f"A length given in {name.lower()}."})


Emu = _unit("Emu", 1)
Inches = _unit("Inches", 914400)
Cm = _unit("Cm", 360000)
Mm = _unit("Mm", 36000)
Pt = _unit("Pt", 12700)
Centipoints = _unit("Centipoints", 127)
