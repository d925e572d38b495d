"""The mailroom's addresses."""

from django.urls import path

from paper_intake import files, views

app_name = "mailroom"
urlpatterns = [
    path("mailroom/", views.scans, name="scans"),
    path("mailroom/next/", views.take_next, name="next"),
    path("mailroom/upload/", views.upload, name="upload"),
    path("mailroom/letters/", views.letters, name="letters"),
    path("mailroom/letters/<int:letter_id>/posted/", views.letter_posted, name="letter_posted"),
    path("mailroom/letters/<int:letter_id>/letter.pdf", files.letter, name="letter_pdf"),
    path("mailroom/places/", views.places, name="places"),
    path("mailroom/scans/<int:scan_id>/", views.scan, name="scan"),
    path("mailroom/scans/<int:scan_id>/on-it/", views.on_it, name="on_it"),
    path("mailroom/scans/<int:scan_id>/pages/<int:number>.jpg", files.page, name="page"),
    path("mailroom/scans/<int:scan_id>/original", files.original, name="original"),
]
