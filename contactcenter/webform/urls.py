"""The public addresses."""

from django.urls import path

from contactcenter.webform import following, views

urlpatterns = [
    path("", views.portal, name="portal"),
    path("request/<str:procedure>/", views.form, name="request"),
    path("received/<str:token>/", views.received, name="received"),
    path("received/<str:token>/receipt.pdf", views.receipt_pdf, name="received-pdf"),
    path("follow/", following.follow, name="follow"),
    path("follow/<str:signed>/receipt.pdf", following.receipt_copy, name="receipt-copy"),
    path("verify/<str:code>/", following.verify, name="verify"),
]
