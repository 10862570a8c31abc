"""A memory from Python in thirty lines: python examples/memory.py"""

import tempfile

import levee

bank = levee.memory(tempfile.mkdtemp() + "/levee.db")  # levee.memory() is the one in your data folder

bank.store("The orders table is late on Mondays", category="note", tags=["lake"], metadata={"severity": 3}, id="late")
bank.store("Ask Ann before the schema of orders changes", category="decision", namespace="team/data")

for found in bank.find("late ordres"):  # typing errors are borne
    print(f"{found.score:.2f}  {found.snippet}  ({found.why})")
for found in bank.find(tags=["lake"], metadata="severity >= 3"):
    print(found.item.id, found.item.updated.date() is not None)

before = bank.get("late")
print(bank.update("late", content="orders is on time again", expected_version=before.version).outcome)
print(bank.update("late", content="somebody else's news", expected_version=before.version).outcome)  # a value, no exception
for version in bank.history("late"):
    print(version.item.version, version.operation, version.item.content)
print(bank.facets("category"), bank.count(namespaces=["team/*"]))
