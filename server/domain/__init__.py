"""The rules of the application: shapes of documents, who may write them, how they are counted. Pure functions only."""
