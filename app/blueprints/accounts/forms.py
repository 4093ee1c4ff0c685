"""The forms of signing in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Regexp

from app.lib import phone


class PhoneForm(FlaskForm):
    """Asks for a mobile number; `number` holds it in E.164 once valid."""

    phone = StringField(
        _l("Mobile number"),
        [
            InputRequired(_l("Enter your mobile number.")),
            Length(max=32, message=_l("That is no mobile number.")),
        ],
        render_kw={
            "type": "tel",
            "inputmode": "tel",
            "autocomplete": "tel-national",
            "maxlength": 32,
        },
    )
    number: str = ""

    def validate_phone(self, field: Field) -> None:
        number = phone.normalise(field.data or "")
        if number is None:
            raise ValidationError(_l("That is no mobile number."))
        self.number = number


class CodeForm(FlaskForm):
    """Asks for the code that was sent."""

    code = StringField(
        _l("Code"),
        [
            InputRequired(_l("Enter the six digits.")),
            Regexp(r"^\s*\d{6}\s*$", message=_l("Enter the six digits.")),
        ],
        filters=[lambda text: text.strip() if isinstance(text, str) else text],
        render_kw={
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "maxlength": 6,
            "autofocus": True,
        },
    )
