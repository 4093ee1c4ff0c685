"""Who gets what of stars and budgets: lines of the table in access.py."""

TABLE = """
GET     /stars                                               302  200   200   403  403   403     403      403  403     403  403  403
GET     /stars/boards                                        302  200   200   403  403   403     403      403  403     403  403  403
POST    /stars/boards/listed                                 401  302   302   403  403   403     403      403  403     403  403  403
GET     /point-budgets                                       302  403   403   403  200   200     403      403  200     200  403  403,company_manager:200,handler:200,grid_worker:200,party_organiser:200
POST    /point-budgets                                       401  403   403   403  302   403     403      403  403     403  403  403
GET     /point-budgets/<int:account_id>                      302  403   403   403  200   200     403      403  404     404  403  403,company_manager:404,handler:404,grid_worker:404,party_organiser:404
POST    /point-budgets/<int:account_id>/gifts/<int:transfer_id>/back \\
                                                             401  403   403   403  302   403     403      403  403     403  403  403
"""
