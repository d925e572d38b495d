"""The demo's pages; none of them exists with CC_DEMO=0."""

from django.urls import path

from contactcenter.demo import views

urlpatterns = [
    path("demo/", views.demo, name="demo"),
    path("demo/mailbox/", views.mailbox, name="demo-mailbox"),
    path("demo/mailbox/<int:mail_id>/", views.mail, name="demo-mail"),
]
