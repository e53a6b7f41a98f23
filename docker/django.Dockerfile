# syntax=docker/dockerfile:1
FROM python:3.13-slim-bookworm AS build
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PROJECT_ENVIRONMENT=/venv \
    UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
COPY pyproject.toml uv.lock ./

FROM build AS build-production
RUN uv sync --locked --no-default-groups --no-install-project

FROM build AS build-local
RUN uv sync --locked --no-default-groups --group test --group lint --group embedded --no-install-project

FROM python:3.13-slim-bookworm AS base
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
RUN useradd --create-home --uid 1000 reveni && mkdir /app && chown reveni:reveni /app
WORKDIR /app

FROM base AS local
COPY --from=build-local /venv /venv
COPY --chown=reveni:reveni . .
USER 1000:1000
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--bind", "0.0.0.0:8000", "--access-logfile", "-"]

FROM base AS production
COPY --from=build-production /venv /venv
COPY --chown=reveni:reveni . .
USER 1000:1000
# Each process starts half a second sooner, and as no source changes in an image, none is looked at.
RUN python -m compileall -q --invalidation-mode unchecked-hash apps config
# The secrets of this one command are of no use: it reads settings and connects to nothing.
RUN DJANGO_SETTINGS_MODULE=config.settings.production SECRET_KEY=build-only FIELD_KEYS=build:AAAA IDENTITY_KEY=build-only-build-only-build-only- \
    python manage.py collectstatic --noinput
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--bind", "0.0.0.0:8000", "--access-logfile", "-"]
