"""Who gets what of fairness: lines of the table in access.py."""

TABLE = """
GET     /fairness                                            302  403   403   403  200   403     403      403  403     403  403  403
GET     /fairness/<int:review_id>                            302  403   403   403  200   403     403      403  403     403  403  403
POST    /fairness/<int:review_id>                            401  403   403   403  303   403     403      403  403     403  403  403
GET     /fairness/<int:review_id>/photos/<int:position>/<size> \\
                                                             302  403   403   403  200   403     403      403  403     403  403  403
GET     /points/reviews                                      302  200   200   403  403   403     403      403  403     403  403  403
POST    /points/reviews/<int:own_review_id>                  401  303   404   403  403   403     403      403  403     403  403  403
"""
