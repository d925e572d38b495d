"""What the provider understands of a document: its verbs, their attributes, and what may stand in which.

Source: Twilio, "TwiML for Programmable Voice". What is not here is warned of as 12200, wrong case included.
"""

from xml.etree.ElementTree import Element

_VOICE = "voice language loop"
_STATUS = "statusCallback statusCallbackEvent statusCallbackMethod"
_RECORDING = "recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent recordingTrack trim"
_CALLED = f"url method {_STATUS} machineDetection amdStatusCallback byoc"

ATTRIBUTES: dict[str, frozenset[str]] = {
    tag: frozenset(names.split())
    for tag, names in {
        "Response": "",
        "Say": _VOICE,
        "Play": "loop digits",
        "Pause": "length",
        "Gather": "input action method timeout speechTimeout maxSpeechTime profanityFilter finishOnKey numDigits"
        " partialResultCallback partialResultCallbackMethod language hints bargeIn debug actionOnEmptyResult"
        " speechModel enhanced",
        "Record": f"action method timeout finishOnKey maxLength playBeep {_RECORDING} transcribe transcribeCallback",
        "Enqueue": "action method maxQueueSize waitUrl waitUrlMethod workflowSid",
        "Leave": "",
        "Dial": "action method timeout hangupOnStar timeLimit callerId record answerOnBridge ringTone"
        " recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent trim sequential referUrl",
        "Number": f"{_CALLED} sendDigits",
        "Client": _CALLED,
        "Sip": f"{_CALLED} username password",
        "Queue": "url method reservationSid postWorkActivitySid",
        "Conference": "muted beep startConferenceOnEnter endConferenceOnExit waitUrl waitMethod maxParticipants record"
        f" region coach trim participantLabel jitterBufferSize {_STATUS} recordingStatusCallback"
        " recordingStatusCallbackMethod recordingStatusCallbackEvent eventCallbackUrl",
        "Redirect": "method",
        "Hangup": "",
        "Reject": "reason",
        "Start": "action method",
        "Stop": "",
        "Recording": f"{_RECORDING} channels track",
    }.items()
}
INSIDE: dict[str, frozenset[str]] = {
    tag: frozenset(names.split())
    for tag, names in {
        "Response": "Say Play Pause Gather Record Enqueue Leave Dial Redirect Hangup Reject Start Stop",
        "Gather": "Say Play Pause",
        "Dial": "Number Client Sip Queue Conference",
        "Start": "Recording",
        "Stop": "Recording",
    }.items()
}


def warnings(root: Element) -> list[str]:
    """What the provider would complain of, and then leave out."""
    found = []
    for parent in root.iter():
        unknown = set(parent.attrib) - ATTRIBUTES.get(parent.tag, frozenset(parent.attrib))
        found += [f"12200 {parent.tag} has no attribute {name}" for name in sorted(unknown)]
        if parent.tag in ATTRIBUTES:
            allowed = INSIDE.get(parent.tag, frozenset())
            found += [
                f"12200 {child.tag} may not stand in {parent.tag}" for child in parent if child.tag not in allowed
            ]
    return found
