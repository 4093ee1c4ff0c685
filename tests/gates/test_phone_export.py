"""What a gate phone saved as a file, because it can send no more, comes in at the centre."""

import io

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.gates.models import Scanner
from app.lib import clock
from tests.support.badges import RiderPhone
from tests.support.exports import export
from tests.support.gate_site import Site
from tests.support.gatehouse import GatePhone


def test_the_export_of_a_phone_that_is_ended_is_taken_in_once(
    site: Site, gate_phone: GatePhone, rider_phone: RiderPhone, dispatcher: FlaskClient,
    session: Session,
) -> None:  # fmt: skip
    item = gate_phone.saw(rider_phone.show())
    account = session.scalars(select(Scanner.user_id)).one()
    session.execute(update(User).where(User.id == account).values(disabled_at=clock.now()))
    session.commit()
    for _time in range(2):
        content = export(account, [item], [])
        answer = dispatcher.post("/intake/import", data={"file": (io.BytesIO(content), "x.zip")})
        assert answer.status_code == 200
    [passed] = site.passes()
    assert (passed.key, passed.chain) == (item["key"], "ok")
