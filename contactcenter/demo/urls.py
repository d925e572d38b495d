"""The demo's pages; none of them exists with CC_DEMO=0."""

from django.urls import path

from contactcenter.demo import phone, views

urlpatterns = [
    path("demo/", views.demo, name="demo"),
    path("demo/phone/", phone.phone, name="demo-phone"),
    path("demo/phone/dial", phone.dial, name="demo-phone-dial"),
    path("demo/phone/<str:sid>/heard", phone.heard, name="demo-phone-heard"),
    path("demo/phone/<str:sid>/press", phone.press, name="demo-phone-press"),
    path("demo/mailbox/", views.mailbox, name="demo-mailbox"),
    path("demo/mailbox/<int:mail_id>/", views.mail, name="demo-mail"),
]
