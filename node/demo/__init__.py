"""The demo: real companies' nodes on one machine, a season of real credentials, and planted defects.

The rule this room keeps: nothing here is privileged. Every credential is issued by its own node over that node's
own HTTP interface, every message crosses the wire, and the buyer knows no more than an identifier.
"""
