"""`python -m benchmarks.product.hints <count>`: enqueue so many tasks that do nothing."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    import config.celery  # noqa: F401 - the application that tasks belong to
    from benchmarks.product.tasks import nothing

    for _ in range(int(sys.argv[1])):
        nothing.delay()
