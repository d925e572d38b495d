"""The public addresses."""

from django.urls import path

from contactcenter.webform import views

urlpatterns = [
    path("", views.portal, name="portal"),
    path("request/<str:procedure>/", views.form, name="request"),
    path("received/<str:token>/", views.received, name="received"),
    path("received/<str:token>/receipt.pdf", views.receipt_pdf, name="received-pdf"),
    path("follow/", views.follow, name="follow"),
    path("verify/<str:code>/", views.verify, name="verify"),
]
