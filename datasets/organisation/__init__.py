"""The workbook in which a bureau states its organisation, and an example of full size."""
