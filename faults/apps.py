from django.apps import AppConfig


class FaultsConfig(AppConfig):
    """In a process of the product: answers its fault points and takes away what a control asks."""

    name = "faults"

    def ready(self) -> None:
        from apps.core import faults
        from config.settings.faults import FAULTS_FOLDER
        from faults import sabotage
        from faults.board import Board

        board = Board(FAULTS_FOLDER)
        faults.install(board)
        sabotage.install(board)
