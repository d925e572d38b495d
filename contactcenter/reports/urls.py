"""The addresses of the supervisor's pages."""

from django.urls import path

from contactcenter.reports import views

app_name = "reports"
urlpatterns = [
    path("desk/reports/", views.over_time, name="report"),
    path("desk/staffing/", views.what_if, name="staffing"),
]
