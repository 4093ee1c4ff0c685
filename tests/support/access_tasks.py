"""Who gets what of tasks: lines of the table in access.py."""

TABLE = """
GET     /tasks                                               200  200   200   200  200   200     200      200  200     200  200  200
GET     /tasks/mine.json                                     302  200   200   403  403   403     403      403  403     403  403  403
GET     /tasks/all                                           302  200   200   403  403   403     403      403  403     403  403  403
GET     /tasks/<int:task_id>                                 302  200   200   403  403   403     403      403  403     403  403  403
POST    /tasks/<int:task_id>/claim                           401  409   303   403  403   403     403      403  403     403  403  403
POST    /tasks/claims/<int:claim_id>/release                 401  409   404   403  403   403     403      403  403     403  403  403
POST    /tasks/claims/<int:claim_id>/hand-in                 401  409   404   403  403   403     403      403  403     403  403  403
POST    /tasks/claims/<int:claim_id>/appeal                  401  422   404   403  403   403     403      403  403     403  403  403
GET     /tasks/claims/<int:claim_id>/photos/<int:attempt>/<int:position>/<size> \\
                                                             302  200   404   403  403   403     403      403  403     403  403  403

GET     /tasks/desk                                          302  403   403   200  200   200     403      403  200     200  403  403,company_manager:200,handler:200,grid_worker:200
GET     /tasks/desk/new                                      302  403   403   200  200   200     403      403  200     200  403  403,company_manager:200,handler:200,grid_worker:200
POST    /tasks/desk/new                                      401  403   403   422  422   422     403      403  422     422  403  403,company_manager:422,handler:422,grid_worker:422
GET     /tasks/desk/<int:task_id>                            302  403   403   404  200   404     403      403  200     404  403  403,company_manager:404,handler:404,grid_worker:404
GET     /tasks/desk/<int:task_id>/change                     302  403   403   404  409   404     403      403  409     404  403  403,company_manager:404,handler:404,grid_worker:404
POST    /tasks/desk/<int:task_id>/change                     401  403   403   404  409   404     403      403  409     404  403  403,company_manager:404,handler:404,grid_worker:404
POST    /tasks/desk/<int:task_id>/<deed>                     401  403   403   404  303   404     403      403  409     404  403  403,company_manager:404,handler:404,grid_worker:404
POST    /tasks/desk/<int:task_id>/adjust                     401  403   403   404  303   404     403      403  409     404  403  403,company_manager:404,handler:404,grid_worker:404
GET     /tasks/desk/series                                   302  403   403   200  200   200     403      403  200     200  403  403,company_manager:200,handler:200,grid_worker:200
POST    /tasks/desk/series/<int:series_id>/end               401  403   403   404  303   404     403      403  404     404  403  403,company_manager:404,handler:404,grid_worker:404
GET     /tasks/desk/check                                    302  403   403   200  200   200     403      403  200     200  403  403,company_manager:200,handler:200,grid_worker:200
GET     /tasks/desk/claims/<int:claim_id>                    302  403   403   404  200   404     403      403  200     404  403  403,company_manager:404,handler:404,grid_worker:404
POST    /tasks/desk/claims/<int:claim_id>/check              401  403   403   404  303   404     403      403  409     404  403  403,company_manager:404,handler:404,grid_worker:404
POST    /tasks/desk/claims/<int:claim_id>/appeal             401  403   403   404  409   404     403      403  409     404  403  403,company_manager:404,handler:404,grid_worker:404
POST    /tasks/desk/claims/<int:claim_id>/take-back          401  403   403   404  409   404     403      403  409     404  403  403,company_manager:404,handler:404,grid_worker:404
POST    /tasks/desk/claims/<int:claim_id>/report             401  403   403   404  409   404     403      403  409     404  403  403,company_manager:404,handler:404,grid_worker:404
GET     /tasks/desk/claims/<int:claim_id>/photos/<int:attempt>/<int:position>/<size> \\
                                                             302  403   403   404  200   404     403      403  200     404  403  403,company_manager:404,handler:404,grid_worker:404
"""
