"""A colour by its red, green and blue."""


class RGBColor(tuple):
    def __new__(cls, r, g, b):
        if any(not isinstance(part, int) or not 0 <= part <= 255 for part in (r, g, b)):
            raise ValueError("RGBColor() takes three integer values 0-255")
        return super().__new__(cls, (r, g, b))

    def __str__(self):
        return "%02X%02X%02X" % self

    @classmethod
    def from_string(cls, text):
        return cls(int(text[:2], 16), int(text[2:4], 16), int(text[4:6], 16))
