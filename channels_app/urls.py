"""The addresses of the desk and the wallboard."""

from django.urls import path

from channels_app.views import desk, files, incidents, joining, lastmile, offers, team, ticket, verbs, wallboard, work

app_name = "desk"
urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/queue/", desk.queue, name="queue"),
    path("desk/next/", desk.next_one, name="next"),
    path("desk/offers/", offers.offered, name="offers"),
    path("desk/offers/<int:offer_id>/accept/", offers.accept, name="accept"),
    path("desk/offers/<int:offer_id>/decline/", offers.decline, name="decline"),
    path("desk/team/", team.team, name="team"),
    path("desk/team/<int:agent_id>/", team.set_presence, name="team-presence"),
    path("desk/presence/", desk.set_presence, name="presence"),
    path("desk/work-items/<int:work_item_id>/take/", work.take, name="take"),
    path("desk/work-items/<int:work_item_id>/release/", work.release, name="release"),
    path("desk/work-items/<int:work_item_id>/done/", work.done, name="done"),
    path("desk/work-items/<int:work_item_id>/hang-up/", work.hang_up, name="hang-up"),
    path("desk/tickets/<str:reference>/", ticket.ticket, name="ticket"),
    path("desk/tickets/<str:reference>/story/", ticket.story_alone, name="story"),
    path("desk/tickets/<str:reference>/reply/", verbs.reply, name="reply"),
    path("desk/tickets/<str:reference>/note/", verbs.note, name="note"),
    path("desk/tickets/<str:reference>/transfer/", verbs.transfer, name="transfer"),
    path("desk/tickets/<str:reference>/hold/", verbs.hold, name="hold"),
    path("desk/tickets/<str:reference>/solve/", verbs.solve, name="solve"),
    path("desk/tickets/<str:reference>/merge/", joining.merge, name="merge"),
    path("desk/tickets/<str:reference>/split/", joining.split, name="split"),
    path("desk/tickets/<str:reference>/decision/", lastmile.decision, name="decision"),
    path("desk/tickets/<str:reference>/appointment/", lastmile.appointment, name="appointment"),
    path("desk/tickets/<str:reference>/incident/", incidents.link, name="link-incident"),
    path("desk/incidents/", incidents.incidents, name="incidents"),
    path("desk/incidents/open/", incidents.open_incident, name="open-incident"),
    path("desk/incidents/<str:number>/mended/", incidents.mended, name="mended"),
    path("desk/undo/<int:undo_id>/", joining.undo, name="undo"),
    path("desk/attachments/<int:attachment_id>/", files.attachment, name="attachment"),
    path("desk/interactions/<int:interaction_id>/original/", files.original, name="original"),
    path("desk/interactions/<int:interaction_id>/text/", files.text, name="text"),
    path("wallboard/", wallboard.wallboard, name="wallboard"),
    path("wallboard/figures/", wallboard.figures, name="wallboard-figures"),
]
