"""Who gets what of rewards: lines of the table in access.py."""

TABLE = """
GET     /rewards                                             302  200   200   403  403   403     403      403  403     403  403  403
GET     /rewards/<int:reward_id>                             302  200   200   403  403   403     403      403  403     403  403  403
POST    /rewards/<int:reward_id>                             401  303   409   403  403   403     403      403  403     403  403  403
GET     /rewards/pictures/<sha256>.jpg                       404  404   404   404  404   404     404      404  404     404  404  404
GET     /rewards/desk                                        302  403   403   403  200   403     403      403  403     403  302  403,host:302
GET     /rewards/desk/new                                    302  403   403   403  200   403     403      403  403     403  403  403
GET     /rewards/desk/<int:reward_id>                        302  403   403   403  200   403     403      403  403     403  403  403
GET     /rewards/desk/<int:reward_id>/change                 302  403   403   403  200   403     403      403  403     403  403  403
GET     /rewards/desk/<int:reward_id>/pictures               302  403   403   403  200   403     403      403  403     403  403  403
GET     /rewards/desk/suppliers                              302  403   403   403  200   403     403      403  403     403  403  403
GET     /rewards/desk/suppliers/<int:supplier_id>            302  403   403   403  200   403     403      403  403     403  403  403
GET     /rewards/desk/settlement                             302  403   403   403  200   403     403      403  403     403  403  403
GET     /rewards/desk/vouchers                               302  403   403   403  200   403     403      403  403     403  403  403
GET     /rewards/desk/vouchers/<int:redemption_id>           302  403   403   403  200   403     403      403  403     403  403  403
GET     /rewards/desk/stock                                  302  403   403   403  200   403     403      403  403     403  200  403,host:200
GET     /rewards/desk/stock/<int:stock_id>                   302  403   403   403  200   403     403      403  403     403  200  403,host:404
GET     /rewards/desk/conflicts                              302  403   403   403  200   403     403      403  403     403  200  403,host:200
GET     /rewards/desk/conflicts/<int:hand_out_id>            302  403   403   403  200   403     403      403  403     403  200  403,host:404
POST    /rewards/desk/new                                    401  403   403   403  422   403     403      403  403     403  403  403
POST    /rewards/desk/<int:reward_id>/change                 401  403   403   403  422   403     403      403  403     403  403  403
POST    /rewards/desk/<int:reward_id>/publish                401  403   403   403  409   403     403      403  403     403  403  403
POST    /rewards/desk/<int:reward_id>/end                    401  403   403   403  303   403     403      403  403     403  403  403
POST    /rewards/desk/<int:reward_id>/resume                 401  403   403   403  409   403     403      403  403     403  403  403
POST    /rewards/desk/<int:reward_id>/places                 401  403   403   403  422   403     403      403  403     403  403  403
POST    /rewards/desk/<int:reward_id>/slots                  401  403   403   403  422   403     403      403  403     403  403  403
POST    /rewards/desk/slots/<int:slot_id>/drop               401  403   403   403  303   403     403      403  403     403  403  403
POST    /rewards/desk/<int:reward_id>/pictures               401  403   403   403  422   403     403      403  403     403  403  403
POST    /rewards/desk/<int:reward_id>/pictures/<int:reward_picture_id>/first \\
                                                             401  403   403   403  303   403     403      403  403     403  403  403
POST    /rewards/desk/<int:reward_id>/pictures/<int:reward_picture_id>/delete \\
                                                             401  403   403   403  303   403     403      403  403     403  403  403
POST    /rewards/desk/stock/<int:stock_id>/deliver           401  403   403   403  303   403     403      403  403     403  403  403
POST    /rewards/desk/stock/<int:stock_id>/out               401  403   403   403  303   403     403      403  403     403  403  403
POST    /rewards/desk/stock/<int:stock_id>/withdraw          401  403   403   403  303   403     403      403  403     403  403  403
POST    /rewards/desk/stock/<int:stock_id>/offer             401  403   403   403  409   403     403      403  403     403  403  403
POST    /rewards/desk/suppliers                              401  403   403   403  422   403     403      403  403     403  403  403
POST    /rewards/desk/suppliers/<int:supplier_id>            401  403   403   403  303   403     403      403  403     403  403  403
POST    /rewards/desk/suppliers/<int:supplier_id>/end        401  403   403   403  303   403     403      403  403     403  403  403
POST    /rewards/desk/settlement/export                      401  403   403   403  422   403     403      403  403     403  403  403
POST    /rewards/desk/conflicts/<int:hand_out_id>            401  403   403   403  303   403     403      403  403     403  403  403
POST    /rewards/desk/vouchers                               401  403   403   403  422   403     403      403  403     403  403  403
POST    /rewards/desk/vouchers/<int:redemption_id>/recall    401  403   403   403  409   403     403      403  403     403  403  403
POST    /rewards/desk/vouchers/<int:redemption_id>/refund    401  403   403   403  303   403     403      403  403     403  403  403
POST    /rewards/desk/stock/<int:stock_id>/count             401  403   403   403  303   403     403      403  403     403  303  403,host:404
GET     /vouchers                                            200  200   200   200  200   200     200      200  200     200  200  200
GET     /vouchers/mine.json                                  302  200   200   403  403   403     403      403  403     403  403  403
GET     /vouchers/all                                        302  200   200   403  403   403     403      403  403     403  403  403
POST    /vouchers/<int:redemption_id>/cancel                 401  303   404   403  403   403     403      403  403     403  403  403
"""
