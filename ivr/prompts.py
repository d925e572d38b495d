"""What callers hear, per prompt and language; a missing text falls back to French, never to silence (pure)."""

VOICES: dict[str, tuple[str, str]] = {  # our language -> the provider's language tag and voice
    "fr": ("fr-FR", "Polly.Lea-Neural"),
    "en": ("en-GB", "Polly.Amy-Neural"),
    "ar": ("arb", "Polly.Zeina"),
    "es": ("es-ES", "Polly.Lucia-Neural"),
}

TEXTS: dict[str, dict[str, str]] = {
    "language": {
        "fr": "Bonjour, accueil des étrangers. Pour continuer en français, tapez 1.",
        "en": "For English, press 2.",
        "ar": "للغة العربية، اضغط 3.",
        "es": "Para español, pulse 4.",
    },
    "topic": {
        "fr": "Pour renouveler un titre de séjour, tapez 1. Pour une carte perdue ou volée, tapez 2. Pour retirer une carte, tapez 3. Si le site ne marche pas, tapez 4. Pour autre chose, tapez 5. Pour parler à quelqu'un, tapez 0. Pour réécouter, tapez étoile.",
        "en": "To renew a residence permit, press 1. For a lost or stolen card, press 2. To collect a card, press 3. If the website does not work, press 4. For anything else, press 5. To speak to somebody, press 0. To hear this again, press star.",
        "ar": "لتجديد بطاقة الإقامة اضغط 1. لبطاقة ضائعة أو مسروقة اضغط 2. لاستلام البطاقة اضغط 3. إذا كان الموقع لا يعمل اضغط 4. لأمر آخر اضغط 5. للتحدث مع شخص اضغط 0.",
        "es": "Para renovar el permiso de residencia, pulse 1. Tarjeta perdida o robada, pulse 2. Recoger la tarjeta, pulse 3. Si la página web no funciona, pulse 4. Otra cosa, pulse 5. Para hablar con una persona, pulse 0.",
    },
    "way": {
        "fr": "Pour attendre une personne, tapez 1. Pour être rappelé en gardant votre place, tapez 2. Pour laisser un message, tapez 3.",
        "en": "To wait for somebody, press 1. To be called back and keep your place, press 2. To leave a message, press 3.",
        "ar": "لانتظار موظف اضغط 1. لنتصل بك مع حفظ دورك اضغط 2. لترك رسالة اضغط 3.",
        "es": "Para esperar a una persona, pulse 1. Para que le llamemos sin perder su turno, pulse 2. Para dejar un mensaje, pulse 3.",
    },
    "not_understood": {
        "fr": "Je n'ai pas compris.",
        "en": "Sorry, I did not get that.",
        "ar": "لم أفهم.",
        "es": "No le he entendido.",
    },
    "wait": {
        "fr": "Vous êtes en attente, une personne va vous répondre. Votre demande est déjà enregistrée. Pour être rappelé en gardant votre place, tapez 2. Pour laisser un message, tapez 3.",
        "en": "You are waiting, and somebody will answer. Your request is already registered. To be called back and keep your place, press 2. To leave a message, press 3.",
        "ar": "أنت في الانتظار وسيجيبك موظف. طلبك مسجل. لنتصل بك مع حفظ دورك اضغط 2. لترك رسالة اضغط 3.",
        "es": "Está en espera y una persona le atenderá. Su solicitud ya está registrada. Para que le llamemos, pulse 2. Para dejar un mensaje, pulse 3.",
    },
    "place_next": {
        "fr": "Vous êtes la prochaine personne.",
        "en": "You are next.",
        "ar": "أنت التالي في الانتظار.",
        "es": "Usted es la siguiente persona.",
    },
    "place": {
        "fr": "Votre place dans la file : {number}.",
        "en": "Your place in the queue: {number}.",
        "ar": "رقمك في الانتظار: {number}.",
        "es": "Su lugar en la cola: {number}.",
    },
    "wait_under": {
        "fr": "L'attente est de moins de {high} minutes.",
        "en": "The wait is less than {high} minutes.",
        "ar": "مدة الانتظار أقل من {high} دقائق.",
        "es": "La espera es de menos de {high} minutos.",
    },
    "wait_between": {
        "fr": "L'attente est de {low} à {high} minutes.",
        "en": "The wait is {low} to {high} minutes.",
        "ar": "مدة الانتظار من {low} إلى {high} دقائق.",
        "es": "La espera es de {low} a {high} minutos.",
    },
    "wait_over": {
        "fr": "L'attente est de plus de {low} minutes.",
        "en": "The wait is more than {low} minutes.",
        "ar": "مدة الانتظار أكثر من {low} دقيقة.",
        "es": "La espera es de más de {low} minutos.",
    },
    "wait_worse": {
        "fr": "Nous sommes désolés : l'attente est plus longue que ce que nous avions dit.",
        "en": "We are sorry: the wait is longer than we had said.",
        "ar": "نعتذر: الانتظار أطول مما قلنا.",
        "es": "Lo sentimos: la espera es más larga de lo que habíamos dicho.",
    },
    "again": {
        "fr": "Le temps que vous aviez déjà attendu est compté. Si vous appelez pour autre chose, tapez 5.",
        "en": "The time you have already waited is counted. If you call about something else, press 5.",
        "ar": "يحسب الوقت الذي انتظرته من قبل. إذا كنت تتصل لأمر آخر اضغط 5.",
        "es": "El tiempo que ya esperó se tiene en cuenta. Si llama por otra cosa, pulse 5.",
    },
    "callback": {
        "fr": "C'est noté : nous vous rappelons à ce numéro, et vous gardez votre place. Au revoir.",
        "en": "Noted: we call you back on this number, and you keep your place. Goodbye.",
        "ar": "سنتصل بك على هذا الرقم مع حفظ دورك. إلى اللقاء.",
        "es": "Anotado: le llamaremos a este número y conserva su turno. Adiós.",
    },
    "no_number": {
        "fr": "Nous ne voyons pas votre numéro. Laissez-nous un message avec un numéro ou une adresse.",
        "en": "We cannot see your number. Leave us a message with a number or an address.",
        "ar": "لا نرى رقمك. اترك رسالة مع رقم أو عنوان.",
        "es": "No vemos su número. Deje un mensaje con un número o una dirección.",
    },
    "message": {
        "fr": "Parlez après le signal : votre nom, votre demande et où vous répondre. Tapez dièse pour finir.",
        "en": "Speak after the tone: your name, what you need and where to answer you. Press hash to end.",
        "ar": "تكلم بعد الإشارة: اسمك وطلبك وأين نجيبك. اضغط المربع للإنهاء.",
        "es": "Hable después de la señal: su nombre, lo que necesita y dónde responderle. Pulse almohadilla para terminar.",
    },
    "thanks": {
        "fr": "Merci. Votre message est enregistré, une personne va l'écouter. Au revoir.",
        "en": "Thank you. Your message is registered and somebody will listen to it. Goodbye.",
        "ar": "شكرا. رسالتك مسجلة وسيستمع إليها موظف. إلى اللقاء.",
        "es": "Gracias. Su mensaje está registrado y una persona lo escuchará. Adiós.",
    },
    "reference": {
        "fr": "Votre numéro de demande est le {digits}.",
        "en": "Your request number is {digits}.",
        "ar": "رقم طلبك هو {digits}.",
        "es": "Su número de solicitud es {digits}.",
    },
    "connecting": {
        "fr": "Une personne vous répond.",
        "en": "Somebody is answering you.",
        "ar": "سيجيبك موظف الآن.",
        "es": "Le atiende una persona.",
    },
    "agent": {"fr": "Un appel pour vous.", "en": "A call for you."},
    "called_back": {
        "fr": "Bonjour, vous nous aviez appelés : une personne vous parle.",
        "en": "Hello, you had called us: somebody is speaking to you.",
        "ar": "مرحبا، كنت قد اتصلت بنا وسيكلمك موظف.",
        "es": "Hola, usted nos había llamado: una persona le habla.",
    },
    "apology": {
        "fr": "Nous avons un incident technique. Laissez un message après le signal, une personne l'écoutera.",
        "en": "We have a technical problem. Leave a message after the tone, and somebody will listen to it.",
        "ar": "لدينا عطل تقني. اترك رسالة بعد الإشارة.",
        "es": "Tenemos un problema técnico. Deje un mensaje después de la señal.",
    },
}


def text(prompt: str, language: str, **facts: str) -> tuple[str, str]:
    """What is said and the language it is in."""
    texts = TEXTS[prompt]
    spoken = language if language in texts else "fr"
    return texts[spoken].format(**facts), spoken
