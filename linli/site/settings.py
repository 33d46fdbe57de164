"""Django settings. What differs between installations comes from the environment or from LINLI_HOME.

LINLI_HOME holds the installation's own state: the embedded database, secrets, uploaded files and logs.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from linli.site.home import Home

HOME = Home.from_environment()
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = os.environ.get("LINLI_DEBUG") == "1"
SECRET_KEY = HOME.secret("django")
ALLOWED_HOSTS = [
    h for h in os.environ.get("LINLI_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h
]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("LINLI_TRUSTED_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "django_cotton",
    "django_htmx",
    "django_filters",
    "django_tables2",
    "rest_framework",
    "drf_spectacular",
    "linli.regions",
    "linli.audit",
    "linli.access",
    "linli.facts",
    "linli.pages",
    "linli.notices",
    "linli.jobs",
    "linli.outbox",
    "linli.office",
    "linli.registry.places",
    "linli.registry.organisations",
    "linli.registry.people",
    "linli.registry.groups",
    "linli.registry.networks",
    "linli.registry.lettings",
    "linli.registry.sources",
    "linli.registry.matching",
    "linli.registry.changes",
    "linli.registry.quality",
    "linli.registry.intake",
    "linli.registry.adjustment",
    "linli.flow",
    "linli.gate.catalogue",
    "linli.gate.agenda",
    "linli.gate.plates",
    "linli.gate.assessment",
    "linli.gate.offlist",
    "linli.ledgers",
    "linli.lists",
    "linli.admission",
    "linli.returns",
    "linli.collecting",
    "linli.sharing",
    "linli.certificates",
    "linli.demo",
    "linli.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "linli.pages.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "linli.pages.badges.CountAnew",
    "django.contrib.messages.middleware.MessageMiddleware",
    "linli.access.middleware.SessionTimeout",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "linli.site.urls"
WSGI_APPLICATION = "linli.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "linli.pages.templatetags.linli"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linli.pages.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "linli.pages.rendering.FormRenderer"

DATABASES = {"default": HOME.database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
CSRF_FAILURE_VIEW = "linli.pages.errors.csrf_failure"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "linli.access.passwords.LengthAndVariety"},
    {"NAME": "linli.access.passwords.NotLikeUser"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = os.environ.get("LINLI_HTTPS") == "1"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
# The cipher for sealed columns: AES-GCM, or SM4-GCM where the national algorithms are required.
LINLI_CIPHER = os.environ.get("LINLI_CIPHER", "AES-GCM")
# Idle minutes after which a session ends (MLPS: session timeout).
# For so long the numbers beside the sidebar's entries are kept; 0 counts them for every page.
LINLI_BADGE_SECONDS = int(os.environ.get("LINLI_BADGE_SECONDS", "30"))
LINLI_COUNT_SECONDS = int(os.environ.get("LINLI_COUNT_SECONDS", "30"))
# Square metres a head below which a home is told as too full, where the city has no norm of its own (`quality.rules.homes`).
LINLI_LEAST_FLOOR = float(os.environ.get("LINLI_LEAST_FLOOR", "5"))
LINLI_SESSION_IDLE_MINUTES = int(os.environ.get("LINLI_SESSION_IDLE_MINUTES", "60"))

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文"))]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "Y-m-d H:i"
FORMAT_MODULE_PATH = ["linli.site.formats"]
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = HOME.path / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = False
MEDIA_ROOT = HOME.path / "files"
FILE_UPLOAD_TEMP_DIR = HOME.uploading
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
# The largest workbook that may be uploaded, in bytes.
LINLI_UPLOAD_MAX_BYTES = 200 * 1024 * 1024

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

DJANGO_TABLES2_TEMPLATE = "pages/table.html"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "linli.sharing.problems.handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "邻里数据共享接口",
    "DESCRIPTION": "部门系统按授权查询居民和房屋底数。每次调用都要写明用途，都会留下记录。",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": [],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LINLI_LOG_LEVEL", "WARNING")},
}

# A tile server of the intranet for the maps that are drawn on, e.g. http://10.0.0.5/tiles/{z}/{x}/{y}.png; none by default: the base
# is the outlines in the registry. Its origin is added to img-src of the content security policy.
LINLI_MAP_TILES = os.environ.get("LINLI_MAP_TILES", "")
LINLI_MAP_ATTRIBUTION = os.environ.get("LINLI_MAP_ATTRIBUTION", "")

# The gateway that text messages leave by (see linli.outbox.gateways); without an address none leave.
LINLI_SMS_URL = os.environ.get("LINLI_SMS_URL", "")
LINLI_SMS_KEY = os.environ.get("LINLI_SMS_KEY", "")

# The address under which people outside reach this installation, e.g. https://linli.example.gov.cn/: printed in the QR codes of
# certificates. Empty: the address that the clerk who issues came by.
LINLI_PUBLIC_URL = os.environ.get("LINLI_PUBLIC_URL", "")

# LibreOffice, which turns filled workbooks into PDF: a path; empty, it is looked for; "none", sheets are always drawn by Linli itself.
LINLI_OFFICE = os.environ.get("LINLI_OFFICE", "")
