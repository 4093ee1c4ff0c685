"""Every route of the application and what each person gets there.

out: signed out; owner: the rider whose report, badge and passes they are; rider: another one;
disp: dispatcher; admin: administrator; company: the manager of the owner's company; property: the
manager of the compound that the owner passed; gate: the phone at its gate; handler, grid: a handler
of the department that has the owner's case, and a grid worker of its grid; host: the host of the
station where the owner was; others: every other role, managers of other companies and compounds,
handlers, grid workers and hosts of elsewhere, and none;
"403,company_manager:404" is an exception among them. A new route must get a line here.

`<case_id>` is the owner's case, dispatched, and for what is not a GET a new one each time;
`<report_id>` is that case too, and for what is not a GET a report that has just come in.
"""

from dataclasses import dataclass

from app.blueprints.organisations.models import Role
from tests.support import access_fairness, access_rewards, access_stars, access_tasks

COLUMNS = (
    "out", "owner", "rider", "disp", "admin", "company", "property", "gate", "own_handler", "own_grid",
    "own_host", "others",
)  # fmt: skip
OTHERS = tuple(
    role for role in Role if role not in (Role.RIDER, Role.DISPATCHER, Role.ADMINISTRATOR)
)
"""Managers are among them too: those of other companies and compounds."""
NO_ROLE = "none"

TABLE = """
method  path                                                 out  owner rider disp admin company property gate handler grid host others
GET     /                                                    302  200   200   302  302   302     302      302  302     302  302  200,host:302,company_manager:302,property_manager:302,handler:302,grid_worker:302
GET     /static/<version>/<path:filename>                    200  200   200   200  200   200     200      200  200     200  200  200
GET     /healthz                                             200  200   200   200  200   200     200      200  200     200  200  200
GET     /readyz                                              200  200   200   200  200   200     200      200  200     200  200  200

GET     /sign-in                                             200  302   302   302  302   302     302      302  302     302  302  302
POST    /sign-in                                             302  302   302   302  302   302     302      302  302     302  302  302
GET     /sign-in/code                                        302  302   302   302  302   302     302      302  302     302  302  302
POST    /sign-in/code                                        302  302   302   302  302   302     302      302  302     302  302  302
POST    /sign-in/again                                       302  302   302   302  302   302     302      302  302     302  302  302
POST    /language                                            302  302   302   302  302   302     302      302  302     302  302  302
GET     /sign-out                                            302  200   200   200  200   200     200      200  200     200  200  200
POST    /sign-out                                            401  302   302   302  302   302     302      302  302     302  302  302
GET     /me                                                  302  200   200   200  200   200     200      200  200     200  200  200
POST    /me/devices/<int:device_id>/sign-out                 401  302   302   302  302   302     302      302  302     302  302  302

GET     /messages                                            302  200   200   200  200   200     200      200  200     200  200  200
GET     /messages/kept                                       200  200   200   200  200   200     200      200  200     200  200  200
POST    /messages/<int:notification_id>                      401  303   404   404  404   404     404      404  404     404  404  404
POST    /messages/read-all                                   401  303   303   303  303   303     303      303  303     303  303  303
GET     /messages/<int:notification_id>/open                 302  303   404   404  404   404     404      404  404     404  404  404
POST    /messages/<int:notification_id>/shown                401  204   404   404  404   404     404      404  404     404  404  404
POST    /messages/<int:notification_id>/read                 401  204   404   404  404   404     404      404  404     404  404  404
GET     /messages/settings                                   302  200   200   200  200   200     200      200  200     200  200  200
POST    /messages/settings                                   401  422   422   422  422   422     422      422  422     422  422  422
POST    /messages/mute                                       401  422   422   422  422   422     422      422  422     422  422  422
GET     /announcements                                       302  403   403   403  200   200     403      403  403     200  403  403,company_manager:200,grid_worker:200,party_organiser:200
GET     /announcements/new                                   302  403   403   403  200   200     403      403  403     200  403  403,company_manager:200,grid_worker:200,party_organiser:200
POST    /announcements/new                                   401  403   403   403  422   422     403      403  403     422  403  403,company_manager:422,grid_worker:422,party_organiser:422
GET     /announcements/<int:announcement_id>                 302  403   403   403  200   200     403      403  403     404  403  403,company_manager:404,grid_worker:404,party_organiser:404
GET     /announcements/<int:announcement_id>/change          302  403   403   403  404   409     403      403  403     404  403  403,company_manager:404,grid_worker:404,party_organiser:404
POST    /announcements/<int:announcement_id>/change          401  403   403   403  404   409     403      403  403     404  403  403,company_manager:404,grid_worker:404,party_organiser:404
POST    /announcements/<int:announcement_id>/schedule        401  403   403   403  404   409     403      403  403     404  403  403,company_manager:404,grid_worker:404,party_organiser:404
POST    /announcements/<int:announcement_id>/recall          401  403   403   403  303   409     403      403  403     404  403  403,company_manager:404,grid_worker:404,party_organiser:404
GET     /announcements/<int:announcement_id>/read            302  200   404   404  404   404     404      404  404     404  404  404
GET     /deliveries                                          302  403   403   403  200   403     403      403  403     403  403  403
POST    /deliveries/retry                                    401  403   403   403  303   403     403      403  403     403  403  403
POST    /deliveries/discard                                  401  403   403   403  303   403     403      403  403     403  403  403
POST    /deliveries/resume                                   401  403   403   403  409   403     403      403  403     403  403  403
GET     /push/key.json                                       302  200   200   200  200   200     200      200  200     200  200  200
POST    /push/subscriptions                                  401  422   422   422  422   422     422      422  422     422  422  422
POST    /push/unsubscribe                                    401  422   422   422  422   422     422      422  422     422  422  422

GET     /manifest.webmanifest                                200  200   200   200  200   200     200      200  200     200  200  200
GET     /sw.js                                               200  200   200   200  200   200     200      200  200     200  200  200
GET     /outbox                                              200  200   200   200  200   200     200      200  200     200  200  200
GET     /offline                                             200  200   200   200  200   200     200      200  200     200  200  200
GET     /offline/fragment                                    200  200   200   200  200   200     200      200  200     200  200  200
GET     /install                                             200  200   200   200  200   200     200      200  200     200  200  200

GET     /reports/new                                         200  200   200   200  200   200     200      200  200     200  200  200
GET     /reports                                             302  200   200   403  403   403     403      403  403     403  403  403
POST    /reports                                             401  302   302   403  403   403     403      403  403     403  403  403
GET     /reports/<int:report_id>                             302  200   404   302  302   404     404      404  404     404  404  404
POST    /reports/<int:report_id>/<step>                      401  302   404   404  404   404     404      404  404     404  404  404
GET     /reports/<int:report_id>/photos/<int:position>/<size> \
                                                             302  200   404   200  200   404     404      404  200     200  404  404
GET     /cases/<int:case_id>/events/<int:event_id>/photos/<int:position>/<size> \
                                                             302  200   404   200  200   404     404      404  200     200  404  404

GET     /field                                               200  200   200   200  200   200     200      200  200     200  200  200
GET     /field/cases.json                                    302  403   403   403  403   403     403      403  200     200  403  403,handler:200,grid_worker:200

GET     /cases                                               302  403   403   200  200   403     403      403  200     200  403  403,handler:200,grid_worker:200
GET     /cases/<int:case_id>                                 302  403   403   200  200   403     403      403  200     200  403  403,handler:404,grid_worker:404
POST    /cases/<int:case_id>/<step>                          401  403   403   302  302   403     403      403  302     409  403  403,handler:404,grid_worker:404
POST    /cases/<int:case_id>/reporter                        401  403   403   200  200   403     403      403  403     403  403  403
POST    /cases/<int:case_id>/place                           401  403   403   302  302   403     403      403  403     403  403  403
GET     /cases/<int:case_id>/doubles                         302  403   403   200  200   403     403      403  403     403  403  403
POST    /cases/<int:case_id>/merge                           401  403   403   422  422   403     403      403  403     403  403  403
POST    /cases/<int:case_id>/merge-into                      401  403   403   404  404   403     403      403  403     403  403  403
POST    /cases/<int:case_id>/doubles/<int:other_id>/dismiss  401  403   403   302  302   403     403      403  403     403  403  403
POST    /cases/<int:case_id>/flags/<kind>/looked             401  403   403   404  404   403     403      403  403     403  403  403
POST    /cases/bulk                                          401  403   403   200  200   403     403      403  200     200  403  403,handler:200,grid_worker:200
POST    /cases/find                                          401  403   403   200  200   403     403      403  200     200  403  403,handler:200,grid_worker:200
POST    /cases/saved                                         401  403   403   302  302   403     403      403  302     302  403  403,handler:302,grid_worker:302
POST    /cases/saved/<int:saved_id>/delete                   401  403   403   404  404   403     403      403  404     404  403  403,handler:404,grid_worker:404
GET     /cases/news.json                                     302  403   403   200  200   403     403      403  200     200  403  403,handler:200,grid_worker:200
POST    /cases/export                                        401  403   403   422  422   403     403      403  422     422  403  403,handler:422,grid_worker:422
GET     /cases/map                                           302  403   403   200  200   403     403      403  200     200  403  403,handler:200,grid_worker:200
GET     /cases/map/cases.json                                302  403   403   422  422   403     403      403  422     422  403  403,handler:422,grid_worker:422
GET     /cases/map/areas.json                                302  403   403   422  422   403     403      403  422     422  403  403,handler:422,grid_worker:422
GET     /appraisal                                           302  403   403   200  200   403     403      403  200     403  403  403,handler:200
POST    /appraisal/export                                    401  403   403   422  422   403     403      403  422     403  403  403,handler:422
GET     /intake/import                                       302  403   403   200  200   403     403      403  403     403  403  403
POST    /intake/import                                       401  403   403   200  200   403     403      403  403     403  403  403

GET     /case-settings                                       302  403   403   302  302  403     403      403  403     403  403  403
GET     /case-settings/rules                                 302  403   403   403  200  403     403      403  403     403  403  403
POST    /case-settings/rules                                 401  403   403   403  422  403     403      403  403     403  403  403
POST    /case-settings/rules/<int:rule_id>/end               401  403   403   403  302  403     403      403  403     403  403  403
GET     /case-settings/absences                              302  403   403   200  200  403     403      403  403     403  403  403
POST    /case-settings/absences                              401  403   403   422  422  403     403      403  403     403  403  403
POST    /case-settings/absences/<int:absence_id>/end         401  403   403   302  409  403     403      403  403     403  403  403
GET     /case-settings/move                                  302  403   403   200  200  403     403      403  403     403  403  403
POST    /case-settings/move                                  401  403   403   422  422  403     403      403  403     403  403  403
GET     /case-settings/templates                             302  403   403   200  200  403     403      403  403     403  403  403
POST    /case-settings/templates                             401  403   403   422  422  403     403      403  403     403  403  403
GET     /case-settings/templates/<int:template_id>           302  403   403   200  200  403     403      403  403     403  403  403
POST    /case-settings/templates/<int:template_id>           401  403   403   422  422  403     403      403  403     403  403  403
POST    /case-settings/templates/<int:template_id>/delete    401  403   403   302  404  403     403      403  403     403  403  403
GET     /case-settings/calendar                              302  403   403   403  200  403     403      403  403     403  403  403
POST    /case-settings/calendar                              401  403   403   403  422  403     403      403  403     403  403  403
POST    /case-settings/calendar/<day>/delete                 401  403   403   403  302  403     403      403  403     403  403  403
GET     /case-settings/limits                                302  403   403   403  200  403     403      403  403     403  403  403
GET     /case-settings/limits/<category_code>                         302  403   403   403  200  403     403      403  403     403  403  403
POST    /case-settings/limits/<category_code>                         401  403   403   403  422  403     403      403  403     403  403  403

GET     /badge                                               200  200   200   200  200   200     200      200  200     200  200  200
POST    /badge/renew                                         401  200   200   403  403   403     403      403  403     403  403  403
POST    /badge/enrol                                         401  201   201   403  403   403     403      403  403     403  403  403
GET     /badge/portrait                                      302  200   200   403  403   403     403      403  403     403  403  403
POST    /badge/portrait                                      401  302   302   403  403   403     403      403  403     403  403  403
GET     /badge/portrait/<sha256>.jpg                         302  200   404   403  403   403     403      403  403     403  403  403
GET     /badge/news                                          302  200   200   403  403   403     403      403  403     403  403  403
GET     /places/<code>                                       302  200   200   403  403   403     403      403  403     403  403  403

POST    /api/v1/verdicts                                     401  401   401   401  401   401     401      401  401     401  401  401
GET     /api/v1/openapi.json                                 200  200   200   200  200   200     200      200  200     200  200  200
GET     /.well-known/sk1/jwks.json                           200  200   200   200  200   200     200      200  200     200  200  200
GET     /.well-known/sk1/status-list                         200  200   200   200  200   200     200      200  200     200  200  200

GET     /audit                                               302  403   403   403  200   403     403      403  403     403  403  403
GET     /riders                                              302  403   403   403  200   200     403      403  403     403  403  403,company_manager:200
GET     /riders/<int:rider_id>                               302  403   403   403  200   200     403      403  403     403  403  403,company_manager:404
GET     /riders/<int:rider_id>/portrait/<int:portrait_id>.jpg \
                                                             302  403   403   403  200   200     403      403  403     403  403  403,company_manager:404
POST    /riders/<int:rider_id>/portrait/<int:portrait_id>/approve \
                                                             401  403   403   403  409   409     403      403  403     403  403  403,company_manager:404
POST    /riders/<int:rider_id>/portrait/<int:portrait_id>/reject \
                                                             401  403   403   403  409   409     403      403  403     403  403  403,company_manager:404
POST    /riders/<int:rider_id>/suspend                       401  403   403   403  302   409     403      403  403     403  403  403,company_manager:404
POST    /riders/<int:rider_id>/resume                        401  403   403   403  409   409     403      403  403     403  403  403,company_manager:404
GET     /riders/<int:rider_id>/revoke                        302  403   403   403  200   200     403      403  403     403  403  403,company_manager:404
POST    /riders/<int:rider_id>/revoke                        401  403   403   403  302   409     403      403  403     403  403  403,company_manager:404
POST    /riders/<int:rider_id>/scope                         401  403   403   403  302   302     403      403  403     403  403  403,company_manager:404
POST    /riders/<int:rider_id>/printed                       401  403   403   403  200   200     403      403  403     403  403  403,company_manager:404
GET     /passes                                              302  200   200   403  403   403     403      403  403     403  403  403

GET     /gate                                                200  200   200   200  200   200     200      200  200     200  200  200
GET     /gate/enrol                                          200  200   200   200  200   200     200      200  200     200  200  200
POST    /gate/enrol                                          422  422   422   422  422   422     422      422  422     422  422  422
GET     /gate/bundle                                         302  403   403   403  403   403     403      200  403     403  403  403
GET     /gate/portraits/<prefix>.jpg                         302  403   403   403  403   403     403      200  403     403  403  403
POST    /gate/search                                         401  403   403   403  403   403     403      422  403     403  403  403
GET     /gate/today                                          302  403   403   403  403   403     403      200  403     403  403  403

GET     /compounds                                           302  403   403   403  200   403     200      403  403     403  403  403,property_manager:200
GET     /compounds/<int:compound_id>                         302  403   403   403  200   403     200      403  403     403  403  403,property_manager:404
GET     /compounds/<int:compound_id>/why                     302  403   403   403  200   403     200      403  403     403  403  403,property_manager:404
POST    /compounds/<int:compound_id>/why                     401  403   403   403  302   403     302      403  403     403  403  403,property_manager:404
GET     /compounds/<int:compound_id>/log                     302  403   403   403  302   403     200      403  403     403  403  403,property_manager:404
POST    /compounds/<int:compound_id>/log/export              401  403   403   403  302   403     200      403  403     403  403  403,property_manager:404
GET     /compounds/<int:compound_id>/statistics              302  403   403   403  200   403     200      403  403     403  403  403,property_manager:404
GET     /compounds/<int:compound_id>/conflicts               302  403   403   403  302   403     200      403  403     403  403  403,property_manager:404
POST    /compounds/<int:compound_id>/conflicts/<int:conflict_id>/resolve \
                                                             401  403   403   403  302   403     302      403  403     403  403  403,property_manager:404
GET     /compounds/<int:compound_id>/settings                302  403   403   403  200   403     200      403  403     403  403  403,property_manager:404
POST    /compounds/<int:compound_id>/settings                401  403   403   403  302   403     302      403  403     403  403  403,property_manager:404
POST    /compounds/<int:compound_id>/groups                  401  403   403   403  302   403     302      403  403     403  403  403,property_manager:404
POST    /compounds/<int:compound_id>/groups/<int:number>     401  403   403   403  302   403     302      403  403     403  403  403,property_manager:404
GET     /compounds/<int:compound_id>/gates/<int:gate_id>     302  403   403   403  200   403     200      403  403     403  403  403,property_manager:404
POST    /compounds/<int:compound_id>/gates/<int:gate_id>     401  403   403   403  302   403     302      403  403     403  403  403,property_manager:404
POST    /compounds/<int:compound_id>/gates/<int:gate_id>/codes \
                                                             401  403   403   403  201   403     201      403  403     403  403  403,property_manager:404
POST    /compounds/<int:compound_id>/gates/<int:gate_id>/barriers \
                                                             401  403   403   403  201   403     201      403  403     403  403  403,property_manager:404
GET     /compounds/<int:compound_id>/gates/<int:gate_id>/poster.pdf \
                                                             302  403   403   403  200   403     200      403  403     403  403  403,property_manager:404
POST    /compounds/<int:compound_id>/scanners/<int:scanner_id>/end \
                                                             401  403   403   403  302   403     409      401  403     403  403  403,property_manager:404
POST    /compounds/<int:compound_id>/barriers/<int:barrier_id>/end \
                                                             401  403   403   403  302   403     409      403  403     403  403  403,property_manager:404
GET     /compounds/<int:compound_id>/map                     302  403   403   403  200   403     200      403  403     403  403  403,property_manager:404
POST    /compounds/<int:compound_id>/map/picture             401  403   403   403  302   403     302      403  403     403  403  403,property_manager:404
POST    /compounds/<int:compound_id>/map/buildings           401  403   403   403  302   403     302      403  403     403  403  403,property_manager:404
GET     /maps/<int:compound_id>                              302  200   404   404  200   404     200      404  404     404  404  404
GET     /maps/<int:compound_id>/picture/<sha256>.jpg         302  200   404   404  200   404     200      404  404     404  404  404

GET     /sync/whoami                                         401  200   200   200  200   200     200      200  200     200  200  200
PUT     /sync/photos/<sha256>                                401  201   201   201  201   201     201      201  201     201  201  201
POST    /sync/items                                          401  200   200   200  200   200     200      200  200     200  200  200

GET     /stations                                            200  200   200   200  200   200     200      200  200     200  200  200
GET     /stations/all                                        200  200   200   200  200   200     200      200  200     200  200  200
GET     /stations/directory.json                             200  200   200   200  200   200     200      200  200     200  200  200
GET     /stations/<int:station_id>                           200  200   200   200  200   200     200      200  200     200  200  200

GET     /ratings/mine.json                                   302  200   200   403  403   403     403      403  403     403  403  403
GET     /visits/<int:check_in_id>/rating                     302  200   404   403  403   403     403      403  403     403  403  403
POST    /visits/<int:check_in_id>/rating                     401  303   404   403  403   403     403      403  403     403  403  403
GET     /wishes                                              302  200   200   403  403   403     403      403  403     403  403  403
GET     /wishes/new                                          200  200   200   200  200   200     200      200  200     200  200  200
POST    /wishes                                              401  422   422   403  403   403     403      403  403     403  403  403
POST    /wishes/<int:wish_id>/withdraw                       401  303   404   403  403   403     403      403  403     403  403  403
GET     /stations/<int:station_id>/wishes                    200  200   200   200  200   200     200      200  200     200  200  200
GET     /stations/desk/wishes                                302  403   403   403  200   403     403      403  403     403  200  403,host:200
GET     /stations/desk/<int:station_id>/voices               302  403   403   403  200   403     403      403  403     403  200  403,host:404
POST    /stations/desk/<int:station_id>/voices/wishes/<int:wish_id> \
                                                             401  403   403   403  303   403     403      403  403     403  409  403,host:404
POST    /stations/desk/<int:station_id>/voices/wishes/<int:wish_id>/hide \
                                                             401  403   403   403  303   403     403      403  403     403  404  403,host:404
POST    /stations/desk/<int:station_id>/voices/wishes/<int:wish_id>/unhide \
                                                             401  403   403   403  409   403     403      403  403     403  403  403
POST    /stations/desk/<int:station_id>/voices/ratings/<int:rating_id>/hide \
                                                             401  403   403   403  303   403     403      403  403     403  409  403,host:404
POST    /stations/desk/<int:station_id>/voices/ratings/<int:rating_id>/unhide \
                                                             401  403   403   403  409   403     403      403  403     403  403  403

GET     /stations/desk                                       302  403   403   403  200  403     403      403  403     403  200  403,host:200
GET     /stations/desk/new                                   302  403   403   403  200  403     403      403  403     403  403  403
POST    /stations/desk/new                                   401  403   403   403  422  403     403      403  403     403  403  403
GET     /stations/desk/import                                302  403   403   403  200  403     403      403  403     403  403  403
POST    /stations/desk/import                                401  403   403   403  422  403     403      403  403     403  403  403
POST    /stations/desk/export                                401  403   403   403  422  403     403      403  403     403  422  403,host:422
POST    /stations/desk/posters                               401  403   403   403  422  403     403      403  403     403  422  403,host:422
GET     /stations/desk/<int:station_id>                      302  403   403   403  200  403     403      403  403     403  200  403,host:404
GET     /stations/desk/<int:station_id>/change               302  403   403   403  200  403     403      403  403     403  200  403,host:404
GET     /stations/desk/<int:station_id>/hours                302  403   403   403  200  403     403      403  403     403  200  403,host:404
GET     /stations/desk/<int:station_id>/pictures             302  403   403   403  200  403     403      403  403     403  200  403,host:404
GET     /stations/desk/<int:station_id>/history              302  403   403   403  200  403     403      403  403     403  200  403,host:404
GET     /stations/desk/<int:station_id>/poster.pdf           302  403   403   403  200  403     403      403  403     403  200  403,host:404
POST    /stations/desk/<int:station_id>/change               401  403   403   403  422  403     403      403  403     403  422  403,host:404
POST    /stations/desk/<int:station_id>/hours                401  403   403   403  422  403     403      403  403     403  422  403,host:404
POST    /stations/desk/<int:station_id>/pictures             401  403   403   403  422  403     403      403  403     403  422  403,host:404
POST    /stations/desk/<int:station_id>/pictures/<int:picture_id>/earlier \
                                                             401  403   403   403  303  403     403      403  403     403  303  403,host:404
POST    /stations/desk/<int:station_id>/pictures/<int:picture_id>/delete \
                                                             401  403   403   403  303  403     403      403  403     403  404  403,host:404
POST    /stations/desk/<int:station_id>/poster/withdraw      401  403   403   403  303  403     403      403  403     403  409  403,host:404
POST    /stations/desk/<int:station_id>/end                  401  403   403   403  422  403     403      403  403     403  403  403
POST    /stations/desk/<int:station_id>/resume               401  403   403   403  409  403     403      403  403     403  403  403
GET     /stations/pictures/<sha256>.jpg                      404  404   404   404  404  404     404      404  404     404  404  404

GET     /stations/figures                                    302  403   403   403  200   200     403      403  403     403  200  403,host:200,company_manager:200
POST    /stations/figures/export                             401  403   403   403  422   422     403      403  403     403  422  403,host:422,company_manager:422
GET     /stations/coverage                                   302  403   403   403  200   403     403      403  403     403  403  403

GET     /check-in                                            200  200   200   200  200   200     200      200  200     200  200  200
GET     /visits                                              302  200   200   403  403   403     403      403  403     403  403  403

GET     /counter                                             200  200   200   200  200  200     200      200  200     200  200  200
GET     /counter/bundle.json                                 302  403   403   403  200  403     403      403  403     403  200  403,host:200
GET     /counter/together                                    302  403   403   403  200  403     403      403  403     403  200  403,host:200
GET     /counter/<int:station_id>/here.json                  302  403   403   403  200  403     403      403  403     403  200  403,host:404
POST    /counter/<int:station_id>/voucher.json               401  403   403   403  422  403     403      403  403     403  422  403,host:404
GET     /counter/<int:station_id>/duties                     302  403   403   403  200  403     403      403  403     403  200  403,host:404
POST    /counter/<int:station_id>/state                      401  403   403   403  303  403     403      403  403     403  303  403,host:404
POST    /counter/<int:station_id>/notice                     401  403   403   403  303  403     403      403  403     403  303  403,host:404
POST    /counter/<int:station_id>/facilities/<facility>/broken \
                                                             401  403   403   403  303  403     403      403  403     403  303  403,host:404
POST    /counter/<int:station_id>/facilities/<facility>/works \
                                                             401  403   403   403  303  403     403      403  403     403  303  403,host:404
POST    /counter/<int:station_id>/supplies                   401  403   403   403  422  403     403      403  403     403  422  403,host:404
POST    /counter/<int:station_id>/supplies/<int:supply_id>/level \
                                                             401  403   403   403  303  403     403      403  403     403  303  403,host:404
POST    /counter/<int:station_id>/supplies/<int:supply_id>/end \
                                                             401  403   403   403  303  403     403      403  403     403  303  403,host:404
POST    /counter/<int:station_id>/hand-overs                 401  403   403   403  303  403     403      403  403     403  303  403,host:404
POST    /counter/<int:station_id>/hand-overs/<int:hand_over_id>/done \
                                                             401  403   403   403  303  403     403      403  403     403  303  403,host:404

GET     /points                                              302  200   200   403  403   403     403      403  403     403  403  403
POST    /points/export                                       401  422   422   403  403   403     403      403  403     403  403  403
GET     /point-rules                                         302  403   403   403  200   403     403      403  403     403  403  403
POST    /point-rules                                         401  403   403   403  422   403     403      403  403     403  403  403
POST    /point-rules/<int:rule_id>/end                       401  403   403   403  404   403     403      403  403     403  403  403
"""


PARTS = (access_stars, access_rewards, access_tasks, access_fairness)


@dataclass(frozen=True)
class Line:
    """A method and a rule, and the status for each column."""

    method: str
    rule: str
    statuses: dict[str, int]

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def lines() -> list[Line]:
    """The table, read."""
    parts = (TABLE, *(part.TABLE for part in PARTS))
    rows = [row.split() for row in "".join(parts).replace("\\\n", "").splitlines() if row.strip()]
    return [Line(method, rule, _statuses(cells)) for method, rule, *cells in rows[1:]]


def _statuses(cells: list[str]) -> dict[str, int]:
    named = dict(zip(COLUMNS, cells, strict=True))
    rest, *exceptions = named.pop("others").split(",")
    statuses = {column: int(status) for column, status in named.items()}
    statuses |= dict.fromkeys((*OTHERS, NO_ROLE), int(rest))
    return statuses | {role: int(status) for role, status in (one.split(":") for one in exceptions)}
