"""What phones send by other hands: parcels that a carrier can neither read nor change.

errors.py      why a parcel is not taken            parcels.py     how one is made up, opened and believed
delivery.py    its documents, through the same rules as if the phone had sent them itself
"""
