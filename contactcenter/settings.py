"""Settings, read from the environment here and nowhere else; docs/env.md lists each variable with its default."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from contactcenter import env

django_stubs_ext.monkeypatch()  # ModelAdmin[Ticket] and the like at run time

BASE_DIR = Path(__file__).resolve().parent.parent

# --- where we are, and whether this is the demo ---------------------------------------------------------------------
CC_DATA_DIR = Path(env.text("CC_DATA_DIR", str(BASE_DIR / "var"))).resolve()
CC_DEMO = env.flag("CC_DEMO")
if CC_DEMO:
    env.settle_in(CC_DATA_DIR)
CC_HOST = env.text("CC_HOST", "127.0.0.1")
CC_PROXIES = env.number("CC_PROXIES", 0)  # of our own, in front of the site
PORT = env.number("PORT", 8000)
CC_SMTP_PORT = env.number("CC_SMTP_PORT", 2525)
CC_LIVE_PORT = env.number("CC_LIVE_PORT", 0)
CC_PUBLIC_BASE_URL = env.text("CC_PUBLIC_BASE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
CC_LIVE_URL = env.text("CC_LIVE_URL", f"ws://127.0.0.1:{CC_LIVE_PORT}/live/" if CC_LIVE_PORT else "")
CC_MAIL_RELAY = env.text("CC_MAIL_RELAY", "127.0.0.1:25")
CC_MAILBOX_PORT = env.number("CC_MAILBOX_PORT", 0)  # the demo mailbox
CC_SIMULATOR_PORT = env.number("CC_SIMULATOR_PORT", 0)  # the demo's telephone network

# --- secrets: the demo makes its own, production brings its own -----------------------------------------------------
_keys = env.demo_keys(CC_DATA_DIR) if CC_DEMO else {}
SECRET_KEY = env.secret("CC_SECRET_KEY", _keys) or env.unset()  # checks.py refuses to start without
CC_FIELD_KEYS = env.secret("CC_FIELD_KEYS", _keys).replace(",", " ").split()
CC_API_TOKEN = env.secret("CC_API_TOKEN", _keys)
TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID", f"AC{0:032}" if CC_DEMO else "")
TWILIO_AUTH_TOKEN = env.secret("TWILIO_AUTH_TOKEN", _keys)
TWILIO_AUTH_TOKENS_OTHER = env.listed("TWILIO_AUTH_TOKENS_OTHER")  # sign webhooks too, while tokens rotate
TWILIO_SHARED_KEYS = env.pairs("TWILIO_SHARED_KEYS")
TWILIO_SHARED_KEYS_ONLY = env.flag("TWILIO_SHARED_KEYS_ONLY")
TWILIO_API_KEY_SID = env.text("TWILIO_API_KEY_SID")  # for agents whose browser is their telephone
TWILIO_API_KEY_SECRET = env.text("TWILIO_API_KEY_SECRET")
TWILIO_REGION, TWILIO_EDGE = env.text("TWILIO_REGION"), env.text("TWILIO_EDGE")  # both or neither: see docs/env.md
_where = f".{TWILIO_EDGE}.{TWILIO_REGION}" if TWILIO_EDGE and TWILIO_REGION else ""
TWILIO_API_BASE_URL = env.text("TWILIO_API_BASE_URL", f"https://api{_where}.twilio.com")
CC_SMS_SENDERS = env.sender_names("CC_SMS_SENDERS")  # names that texts come from, by country prefix
if CC_DEMO:  # whatever credentials are set, the demo calls nobody and writes to nobody
    TWILIO_API_BASE_URL = f"http://127.0.0.1:{CC_SIMULATOR_PORT}"
    CC_MAIL_RELAY = f"127.0.0.1:{CC_MAILBOX_PORT}"
CC_CALL_PREFIXES = env.listed("CC_CALL_PREFIXES") or [
    "+33",
    *["+262", "+508", "+590", "+594", "+596", "+681", "+687", "+689"],
]
CC_CALLS_PER_NUMBER = env.number("CC_CALLS_PER_NUMBER", 10)  # a day
CC_SHORT_ABANDON_S = env.number("CC_SHORT_ABANDON_S", 10)  # who hangs up sooner has hardly waited
CC_CALLS_PER_PREFIX = env.number("CC_CALLS_PER_PREFIX", 3000)

DEBUG = False
ALLOWED_HOSTS = env.listed("CC_ALLOWED_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [CC_PUBLIC_BASE_URL]
CSRF_FAILURE_VIEW = "contactcenter.accounts.unsent.csrf_failure"
CC_ORIGINS = [CC_PUBLIC_BASE_URL, *ALLOWED_HOSTS]  # the pages that may open a socket

# --- rooms ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "contactcenter",
    "contactcenter.offices",
    "contactcenter.accounts",
    "contactcenter.people",
    "contactcenter.procedures",
    "contactcenter.tickets",
    "contactcenter.routing",
    "contactcenter.outbox",
    "contactcenter.receipts",
    "contactcenter.intake",
    "contactcenter.desk",
    "contactcenter.reports",
    "contactcenter.search",
    "contactcenter.api",
    "contactcenter.webform",
    "contactcenter.demo",
    "channels_app",
    "ivr",
    "mail",
    "paper_intake",
    "django.contrib.admin.apps.SimpleAdminConfig",  # urls.py looks for its pages: no other process needs them
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "contactcenter.accounts.providers.ProvidersConfig",
    "csp",
    "django_htmx",
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "contactcenter.urls"
WSGI_APPLICATION = "contactcenter.wsgi.application"
ASGI_APPLICATION = "contactcenter.asgi.application"

MIDDLEWARE = [
    "contactcenter.middleware.real_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "contactcenter.middleware.without_the_database",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "contactcenter.middleware.chosen_language",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "channels_app.reading_again.ReadersFirst",
    "contactcenter.accounts.pages.LoginRequired",
    "contactcenter.accounts.reading_only.AuditorsRead",
    "contactcenter.accounts.second_factor.Demanded",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "contactcenter.middleware.private_pages",
    "contactcenter.middleware.NoSuchRow",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "contactcenter.context.page",
            ]
        },
    }
]

# --- what we keep and what rings ------------------------------------------------------------------------------------
DATABASES = {"default": env.database(env.text("DATABASE_URL"), CC_DATA_DIR)}
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- people ---------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USER_LANGUAGE_COOKIE_NAME = "user_language"  # of whoever signed in; one chosen on a page goes before it
TIME_ZONE = env.text("CC_TIME_ZONE", "Europe/Paris")  # of what belongs to no office; an office has its own
USE_I18N = True
USE_TZ = True
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- signing in: our own door (accounts/login.py), with allauth's second factors behind it ---------------------------
ROLES = ("agent", "clerk", "supervisor", "administrator", "auditor")
CC_SECOND_FACTOR = env.some_of("CC_SECOND_FACTOR", ROLES, default=() if CC_DEMO else ("supervisor", "administrator"))
ACCOUNT_ADAPTER = "contactcenter.accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # ours are shared by all processes: accounts/codes.py
ACCOUNT_FORMS = {"reauthenticate": "contactcenter.accounts.codes.PasswordAgainForm"}
MFA_ADAPTER = "contactcenter.accounts.adapters.FactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are the administration's to enter, not people's own to prove
MFA_FORMS = {
    "authenticate": "contactcenter.accounts.codes.CodeForm",
    "reauthenticate": "contactcenter.accounts.codes.CodeAgainForm",
    "activate_totp": "contactcenter.accounts.codes.FirstCodeForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute wrong
CC_OIDC_ISSUER = env.text("CC_OIDC_ISSUER").rstrip("/")  # single sign-on, where all three are set
CC_OIDC_CLIENT_ID = env.text("CC_OIDC_CLIENT_ID")
CC_OIDC_CLIENT_SECRET = env.text("CC_OIDC_CLIENT_SECRET")
CC_OIDC_CLAIM = env.text("CC_OIDC_CLAIM", "email")
CC_OIDC_NAME = env.text("CC_OIDC_NAME")
SOCIALACCOUNT_ADAPTER = "contactcenter.accounts.single_sign_on.ProviderAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 500  # a form refuses far fewer, and keeps what was typed

# --- the browser's guards -------------------------------------------------------------------------------------------
_live = urlsplit(CC_LIVE_URL)
_loopback = ("127.0.0.1", "localhost") if _live.hostname == "127.0.0.1" else (_live.hostname,)
_live_origins = [f"{_live.scheme}://{host}{f':{_live.port}' if _live.port else ''}" for host in _loopback if host]
_phone = ["https://*.twilio.com", "wss://*.twilio.com"] if TWILIO_API_KEY_SID else []  # from agents' browsers
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, *_phone[:1]],
        "font-src": [SELF],
        "connect-src": [SELF, *_live_origins, *_phone],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
    "EXCLUDE_URL_PREFIXES": ("/ivr/", "/api/"),  # doors for machines, which answer no page
}
X_FRAME_OPTIONS = "DENY"
_https = CC_PUBLIC_BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_SSL_REDIRECT = False  # the proxy in front redirects; webhooks and health checks stay reachable
SECURE_HSTS_SECONDS = 31536000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # SECURE_SSL_REDIRECT, see above

# --- what is written down about ourselves: never what a person said -------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": sys.stderr}},
    "loggers": {"django.request": {"level": "ERROR"}},  # a wrong address is no fault of ours
    "root": {"handlers": ["stderr"], "level": env.text("CC_LOG_LEVEL", "WARNING")},
}
